import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';

interface Props {
  readonly label: string;
  readonly wide?: boolean;
  /** Moves the keyboard to the first field when the pane appears. */
  readonly takesFocus: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A pane beside rows that is worked in. Escape closes it from anywhere inside. */
export function Pane({ label, wide = false, takesFocus, onClose, children }: Props): ReactNode {
  const pane = useRef<HTMLElement>(null);
  useEffect(() => {
    if (takesFocus) {
      const first = pane.current?.querySelector<HTMLElement>('[data-first]');
      first?.focus({ preventScroll: true });
    }
  }, [takesFocus]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      event.preventDefault();
      onClose();
    }
  };
  return (
    <aside ref={pane} className={wide ? 'detail wide' : 'detail'} aria-label={label} onKeyDown={onKeyDown}>
      {children}
    </aside>
  );
}
