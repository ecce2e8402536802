import { Popover } from '@base-ui/react/popover';
import type { ReactNode } from 'react';
import { Icon } from '../../../components/icon.tsx';
import type { BoardPanel } from '../board/layout.ts';

/** What a panel counts, one step away. */
export function PanelHelp({ panel }: { readonly panel: BoardPanel }): ReactNode {
  return (
    <Popover.Root>
      <Popover.Trigger
        className="button plain compact square panelhelp"
        aria-label={`What ${panel.title} means`}
        title="What this means"
      >
        <Icon name="help" small />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={4} align="start" className="menuplace">
          <Popover.Popup className="menu panelmeaning">
            <Popover.Title className="medium">{panel.title}</Popover.Title>
            <Popover.Description>{panel.help}</Popover.Description>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
