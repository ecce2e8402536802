import { Menu as Base } from '@base-ui/react/menu';
import type { ReactNode } from 'react';

/** A button that opens a list of actions or choices. */
export function Menu(props: {
  readonly label: string;
  readonly disabled?: boolean;
  /** Drawn in the place of the label, which is then only spoken. */
  readonly face?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Base.Root modal={false}>
      {props.face === undefined ? (
        <Base.Trigger className="button menubutton" disabled={props.disabled === true}>
          {props.label}
        </Base.Trigger>
      ) : (
        <Base.Trigger className="button plain compact square" aria-label={props.label} title={props.label}>
          {props.face}
        </Base.Trigger>
      )}
      <Base.Portal>
        <Base.Positioner sideOffset={4} align="start" className="menuplace">
          <Base.Popup className="menu">{props.children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

export function MenuItem(props: { readonly onSelect: () => void; readonly children: ReactNode }): ReactNode {
  return (
    <Base.Item className="menuitem" onClick={props.onSelect}>
      {props.children}
    </Base.Item>
  );
}

export function MenuCheck(props: {
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onToggle: () => void;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Base.CheckboxItem
      className="menuitem"
      checked={props.checked}
      disabled={props.disabled === true}
      closeOnClick={false}
      onCheckedChange={props.onToggle}
    >
      <span className={props.checked ? 'check on' : 'check'} aria-hidden="true" />
      {props.children}
    </Base.CheckboxItem>
  );
}
