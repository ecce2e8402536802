import { useEffect, type ReactNode } from 'react';
import { Icon } from '../../components/icon.tsx';
import { dismiss, useApp } from '../store.ts';

const PLAIN_MS = 8000;

/** The last thing that was done, with the way back. A plain fact goes by itself; a fault or a step stays. */
export function MessageBar(): ReactNode {
  const message = useApp((state) => state.message);
  useEffect(() => {
    if (message === null || message.isError || message.action !== undefined) {
      return undefined;
    }
    const timer = setTimeout(dismiss, PLAIN_MS);
    return () => clearTimeout(timer);
  }, [message]);
  if (message === null) {
    return null;
  }
  const { action } = message;
  return (
    <div className="messagebar" role={message.isError ? 'alert' : undefined}>
      <span className="cut">{message.text}</span>
      {action === undefined ? null : (
        <button
          type="button"
          className="button compact"
          onClick={() => {
            dismiss();
            action.run();
          }}
        >
          {action.label}
        </button>
      )}
      <button type="button" className="button plain compact square" aria-label="Dismiss" onClick={dismiss}>
        <Icon name="close" small />
      </button>
    </div>
  );
}
