import type { ReactNode } from 'react';
import { Icon } from '../../../components/icon.tsx';
import { Menu, MenuItem } from '../../../components/menu.tsx';
import type { BoardPanel } from '../board/layout.ts';
import { hidePanel, movePanel } from '../board/store.ts';

interface Props {
  readonly panel: BoardPanel;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** What this panel can do besides. */
  readonly children?: ReactNode;
}

/** What can be done with one panel. */
export function PanelMenu({ panel, isFirst, isLast, children }: Props): ReactNode {
  return (
    <Menu label={`${panel.title}: more`} face={<Icon name="more" />}>
      {children}
      {isFirst ? null : (
        <MenuItem onSelect={() => movePanel(panel, -1)}>
          Move up <kbd>Alt Up</kbd>
        </MenuItem>
      )}
      {isLast ? null : (
        <MenuItem onSelect={() => movePanel(panel, 1)}>
          Move down <kbd>Alt Down</kbd>
        </MenuItem>
      )}
      <MenuItem onSelect={() => hidePanel(panel)}>Hide</MenuItem>
    </Menu>
  );
}
