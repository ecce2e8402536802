import { useEffect, useId, useRef, type FormEvent, type KeyboardEvent, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { useModal } from './use-modal.ts';

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** What the main button says; absent: only Close. */
  readonly action?: string;
  /** What the other button says where there is nothing to cancel. */
  readonly dismiss?: string;
  readonly danger?: boolean;
  /** For tables. */
  readonly broad?: boolean;
  readonly disabled?: boolean;
  /** Shown on the main button as the key that presses it. */
  readonly actionKey?: string;
  /** Gives the keyboard to the main button as soon as it can be pressed. */
  readonly focusAction?: boolean;
  /** For the flight plan: as wide as its table, regions from edge to edge. */
  readonly plan?: boolean;
  readonly onAction?: () => void;
  /** Beside the buttons, at the left. */
  readonly aside?: ReactNode;
}

/** A modal dialog: the element of the platform, so focus, Escape and the layer behind are its own. */
export function Dialog(props: Props): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  const { onClose } = props;
  useModal(dialog);
  const first = useRef<Element | null>(null);
  const wantsAction = props.focusAction === true && props.disabled !== true;
  useEffect(() => {
    // Only from where the browser put it: whoever went to another button means that one.
    first.current ??= document.activeElement;
    if (wantsAction && document.activeElement === first.current) {
      dialog.current?.querySelector<HTMLElement>('button[type=submit]')?.focus();
    }
  }, [wantsAction]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    // A dialog opened from a form would otherwise save that form as well.
    event.stopPropagation();
    if (props.disabled !== true) {
      props.onAction?.();
    }
  };
  const onKey = (event: KeyboardEvent): void => {
    event.stopPropagation();
    // Out of a text of several lines as well. What takes something away wants its button pressed.
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && props.danger !== true && !event.repeat) {
      event.preventDefault();
      dialog.current?.querySelector('form')?.requestSubmit();
    }
  };
  return createPortal(
    <dialog
      ref={dialog}
      className={`dialog${props.broad === true ? ' broad' : ''}${props.plan === true ? ' planned' : ''}`}
      aria-labelledby={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={onKey}
    >
      <form onSubmit={submit}>
        <header>
          <h2 id={title}>{props.title}</h2>
        </header>
        <div className="dialogbody">{props.children}</div>
        <footer>
          {props.aside}
          <span className="grow" />
          <button type="button" className="button" onClick={onClose}>
            {props.dismiss ?? (props.action === undefined ? 'Close' : 'Cancel')}
          </button>
          {props.action === undefined ? null : (
            <button
              type="submit"
              className={props.danger === true ? 'button danger' : 'button primary'}
              disabled={props.disabled === true}
            >
              {props.action}
              {props.actionKey === undefined ? null : <kbd aria-hidden="true">{props.actionKey}</kbd>}
            </button>
          )}
        </footer>
      </form>
    </dialog>,
    // Beside the page: forms cannot stand in forms, and some dialogs are opened from one.
    document.body,
  );
}
