import { useState, type ReactNode } from 'react';
import type { SecretStoreView } from '#shared/contract/sources.ts';
import { ChooseStoreDialog } from './secret-store.tsx';

/** Where keys are kept, for all sources alike, and the way to change it. */
export function StoreRow({ store }: { readonly store: SecretStoreView }): ReactNode {
  const [open, setOpen] = useState(false);
  const words = {
    keychain: 'the system’s keychain',
    file: store.locked ? 'a passphrase file, locked' : 'a passphrase file',
    none: 'no place',
  };
  return (
    <div className="row">
      <span className="t2 grow" title={store.message === '' ? undefined : store.message}>
        {words[store.place]}
      </span>
      <button
        type="button"
        className="button compact"
        aria-label="Change where keys are kept"
        onClick={() => setOpen(true)}
      >
        Change…
      </button>
      {open ? <ChooseStoreDialog store={store} onClose={() => setOpen(false)} /> : null}
    </div>
  );
}
