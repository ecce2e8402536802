import { useId, useRef, type KeyboardEvent, type ReactNode } from 'react';
import type { BoardPanel } from '../board/layout.ts';
import { movePanel } from '../board/store.ts';
import { PanelHelp } from './panel-help.tsx';
import { PanelMenu } from './panel-menu.tsx';

/** How many columns a panel takes; `two-of-four` only where there are four. */
export type PanelWidth = 'one' | 'two' | 'two-of-four' | 'all';

/** The figure of a panel, what it is compared with, and more about it for the pointer. */
export interface Headline {
  readonly now: string;
  readonly note: string;
  readonly hint: string;
}

interface Props {
  readonly panel: BoardPanel;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly headline?: Headline | undefined;
  /** Items of the menu that are the panel's own. */
  readonly items?: ReactNode;
  /** Why the last attempt to read it failed; what was read before stays in sight. */
  readonly error: string | null;
  readonly onAgain: () => void;
  readonly isBusy: boolean;
  readonly width?: PanelWidth;
  readonly children: ReactNode;
}

/**
 * A panel of the board: heading, figure, definition, menu. A region of its own; `j` and `k` go from one to the next,
 * Alt with an arrow moves it.
 */
export function PanelFrame(props: Props): ReactNode {
  const { panel, headline, width = 'one' } = props;
  const title = useId();
  const frame = useRef<HTMLElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault();
      movePanel(panel, event.key === 'ArrowUp' ? -1 : 1);
    }
  };
  return (
    <section
      ref={frame}
      className={width === 'one' ? 'panel' : `panel ${width}`}
      aria-labelledby={title}
      aria-busy={props.isBusy}
      data-row-link={panel.id}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      <header>
        <h3 id={title} className="cut" title={panel.title}>
          {panel.title}
        </h3>
        <PanelHelp panel={panel} />
        <span className="panelfigure" title={headline?.hint}>
          <b>{headline?.now ?? ''}</b>
          {headline === undefined || headline.note === '' ? null : <span className="tiny t3">{headline.note}</span>}
        </span>
        <PanelMenu panel={panel} isFirst={props.isFirst} isLast={props.isLast}>
          {props.items}
        </PanelMenu>
      </header>
      {props.error === null ? null : (
        <div className="panelfault small" role="alert">
          <span>{props.error}</span>
          <button type="button" className="button compact" onClick={props.onAgain}>
            Try again
          </button>
        </div>
      )}
      {props.children}
    </section>
  );
}
