import { useId, useRef, type FormEvent, type ReactNode } from 'react';
import { useModal } from './use-modal.ts';

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** What the main button says; absent: only Close. */
  readonly action?: string;
  readonly danger?: boolean;
  /** For tables. */
  readonly broad?: boolean;
  readonly disabled?: boolean;
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
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (props.disabled !== true) {
      props.onAction?.();
    }
  };
  return (
    <dialog
      ref={dialog}
      className={props.broad === true ? 'dialog broad' : 'dialog'}
      aria-labelledby={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => event.stopPropagation()}
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
            {props.action === undefined ? 'Close' : 'Cancel'}
          </button>
          {props.action === undefined ? null : (
            <button
              type="submit"
              className={props.danger === true ? 'button danger' : 'button primary'}
              disabled={props.disabled === true}
            >
              {props.action}
            </button>
          )}
        </footer>
      </form>
    </dialog>
  );
}
