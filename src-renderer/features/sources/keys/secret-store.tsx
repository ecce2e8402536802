import { useRef, useState, type ReactNode } from 'react';
import type { SecretStoreView } from '#shared/contract/sources.ts';
import { call } from '../../../bridge/client.ts';
import { Choice } from '../../../components/choice.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { Notice } from '../../../components/notice.tsx';
import { SecretField } from './secret-field.tsx';
import { useAttempt } from './use-attempt.ts';

const SHORTEST_PASSPHRASE = 12;
const LONGEST_PASSPHRASE = 1000;

/** Speaks up when keys cannot be kept or read, with the step that changes it. */
export function SecretStoreNotice({ store }: { readonly store: SecretStoreView }): ReactNode {
  const [open, setOpen] = useState<'none' | 'unlock' | 'choose'>('none');
  const dialog =
    open === 'unlock' ? (
      <UnlockDialog onClose={() => setOpen('none')} />
    ) : open === 'choose' ? (
      <ChooseStoreDialog store={store} onClose={() => setOpen('none')} />
    ) : null;
  if (store.locked) {
    return (
      <>
        <Notice
          actions={
            <button type="button" className="button compact" onClick={() => setOpen('unlock')}>
              Unlock…
            </button>
          }
        >
          <b>Keys are locked.</b> {store.message}
        </Notice>
        {dialog}
      </>
    );
  }
  return store.place === 'none' ? (
    <>
      <Notice
        actions={
          <button type="button" className="button compact" onClick={() => setOpen('choose')}>
            Choose a place…
          </button>
        }
      >
        <b>There is no place to keep keys.</b> {store.message}
      </Notice>
      {dialog}
    </>
  ) : (
    dialog
  );
}

/** Opens the passphrase file for this process. */
export function UnlockDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const passphrase = useRef<HTMLInputElement>(null);
  const [isEmpty, setIsEmpty] = useState(true);
  const { busy, fault, run } = useAttempt(onClose);
  return (
    <Dialog
      title="Unlock the keys"
      action={busy ? 'Unlocking…' : 'Unlock'}
      disabled={busy || isEmpty}
      onClose={onClose}
      onAction={() => run(() => call('sources.unlockSecrets', { passphrase: passphrase.current?.value ?? '' }))}
    >
      <SecretField
        label="Passphrase"
        fieldRef={passphrase}
        longest={LONGEST_PASSPHRASE}
        onChange={() => setIsEmpty((passphrase.current?.value ?? '') === '')}
      />
      <p className="small t2">Keys stay readable for this process until it ends. The passphrase is not kept.</p>
      {fault === null ? null : <p role="alert">{fault}</p>}
    </Dialog>
  );
}

/** Chooses where keys are kept. The file is never chosen silently: it needs a passphrase from the person. */
export function ChooseStoreDialog(props: { readonly store: SecretStoreView; readonly onClose: () => void }): ReactNode {
  const { store, onClose } = props;
  const [place, setPlace] = useState<'keychain' | 'file'>(store.place === 'none' ? 'file' : store.place);
  const passphrase = useRef<HTMLInputElement>(null);
  const repeated = useRef<HTMLInputElement>(null);
  const [isShort, setIsShort] = useState(true);
  const [differs, setDiffers] = useState(false);
  const look = (): void => {
    const typed = passphrase.current?.value ?? '';
    setIsShort(typed.length < SHORTEST_PASSPHRASE);
    setDiffers(typed !== repeated.current?.value);
  };
  const { busy, fault, run } = useAttempt(onClose);
  return (
    <Dialog
      title="Where keys are kept"
      action={busy ? 'Working…' : 'Keep keys there'}
      disabled={busy || (place === 'file' && (isShort || differs))}
      onClose={onClose}
      onAction={() =>
        run(() =>
          call(
            'sources.chooseSecretStore',
            place === 'file' ? { place, passphrase: passphrase.current?.value ?? '' } : { place },
          ),
        )
      }
    >
      <Choice
        legend="Place"
        value={place}
        onValue={setPlace}
        options={[
          {
            value: 'keychain',
            label: 'The system’s keychain',
            hint: 'Opens with your account, for every shell of Assay',
          },
          {
            value: 'file',
            label: 'A file in the data directory, locked with a passphrase',
            hint: 'Each process asks for the passphrase, or reads it from ASSAY_PASSPHRASE',
          },
        ]}
      />
      {place === 'file' ? (
        <div className="stack">
          <SecretField label="Passphrase" fieldRef={passphrase} longest={LONGEST_PASSPHRASE} onChange={look} />
          <SecretField label="The same again" fieldRef={repeated} longest={LONGEST_PASSPHRASE} onChange={look} />
          <p className="small t2" role="status">
            {isShort
              ? `At least ${SHORTEST_PASSPHRASE} characters. It cannot be recovered: without it the keys have to be added anew.`
              : differs
                ? 'The two differ.'
                : 'It cannot be recovered: without it the keys have to be added anew.'}
          </p>
        </div>
      ) : null}
      <p className="small t2">
        A key in an environment variable, such as ASSAY_VIRUSTOTAL_KEY, is used before either place.
      </p>
      {fault === null ? null : <p role="alert">{fault}</p>}
    </Dialog>
  );
}
