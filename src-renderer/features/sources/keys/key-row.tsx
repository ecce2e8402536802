import { Fragment, useRef, useState, type ReactNode } from 'react';
import type { SecretStoreView, SourceView } from '#shared/contract/sources.ts';
import { call } from '../../../bridge/client.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { useNow } from '../../../components/use-now.ts';
import { age } from '../../../components/words.ts';
import { SecretField } from './secret-field.tsx';
import { useAttempt } from './use-attempt.ts';

type Of = 'source' | 'proxy';

interface Props {
  readonly view: SourceView;
  readonly of: Of;
  readonly store: SecretStoreView;
}

/** Whether a key is there and where it came from; it can be replaced and removed, never read. */
export function KeyRow({ view, of, store }: Props): ReactNode {
  const [open, setOpen] = useState<'none' | 'set' | 'remove'>('none');
  const now = useNow();
  const key = of === 'source' ? view.key : view.proxyKey;
  const what = of === 'source' ? 'key' : 'proxy login';
  return (
    <div className="row">
      <span className={key.fault === null ? 't2 grow' : 'grow'}>
        {broken(key.fault ?? keyWords(key, view, of, now))}
      </span>
      {key.place === null || key.place === 'environment' ? null : (
        <button
          type="button"
          className="button compact"
          aria-label={`Remove the ${what} of ${view.label}`}
          onClick={() => setOpen('remove')}
        >
          Remove…
        </button>
      )}
      <button
        type="button"
        className="button compact"
        disabled={store.locked || store.place === 'none'}
        title={store.locked || store.place === 'none' ? store.message : undefined}
        aria-label={`${key.place === null ? 'Add' : 'Replace'} the ${what} of ${view.label}`}
        onClick={() => setOpen('set')}
      >
        {key.place === null ? 'Add…' : 'Replace…'}
      </button>
      {open === 'set' ? <SetKeyDialog view={view} of={of} store={store} onClose={() => setOpen('none')} /> : null}
      {open === 'remove' ? <RemoveKeyDialog view={view} of={of} onClose={() => setOpen('none')} /> : null}
    </div>
  );
}

/** Names of variables are longer than the line: they end it after an underscore. */
function broken(words: string): ReactNode {
  return words.split(/(?<=_)/).map((part, index) => (
    <Fragment key={index}>
      {part}
      <wbr />
    </Fragment>
  ));
}

function keyWords(key: SourceView['key'], view: SourceView, of: Of, now: number): string {
  switch (key.place) {
    case null:
      return 'none';
    case 'environment':
      return `from ${of === 'source' ? view.facts.keyVariable : view.facts.keyVariable.replace(/_KEY$/, '_PROXY')}`;
    default: {
      const when = key.setAt === null ? 'set' : `set ${setAgo(key.setAt, now)}`;
      return `${when}, ${key.place === 'keychain' ? 'keychain' : 'passphrase file'}`;
    }
  }
}

function setAgo(at: number, now: number): string {
  const words = age(at, now);
  return words === 'now' ? 'just now' : `${words} ago`;
}

function SetKeyDialog({ view, of, store, onClose }: Props & { readonly onClose: () => void }): ReactNode {
  const field = useRef<HTMLInputElement>(null);
  const typed = (): string => field.current?.value.trim() ?? '';
  const [fits, setFits] = useState(false);
  const { busy, fault, run } = useAttempt(onClose);
  const isProxy = of === 'proxy';
  const fitsNow = (): boolean => (isProxy ? /^[^:\s]+:./.test(typed()) : typed() !== '');
  return (
    <Dialog
      title={isProxy ? `Login at the proxy of ${view.label}` : `Key of ${view.label}`}
      action={busy ? 'Keeping…' : 'Keep'}
      disabled={busy || !fits}
      onClose={onClose}
      onAction={() => run(() => call('sources.setKey', { source: view.source, of, value: typed() }))}
    >
      <SecretField
        label={isProxy ? 'name:password' : 'Key'}
        fieldRef={field}
        longest={2000}
        onChange={() => setFits(fitsNow())}
      />
      <p className="small t2">
        Kept in {store.place === 'file' ? 'the passphrase file' : 'the system’s keychain'}. It can be replaced and
        removed here; it is never shown again.
      </p>
      {fault === null ? null : <p role="alert">{fault}</p>}
    </Dialog>
  );
}

function RemoveKeyDialog(props: {
  readonly view: SourceView;
  readonly of: Of;
  readonly onClose: () => void;
}): ReactNode {
  const { view, of, onClose } = props;
  const { busy, fault, run } = useAttempt(onClose);
  return (
    <Dialog
      title={of === 'source' ? `Remove the key of ${view.label}` : `Remove the proxy login of ${view.label}`}
      action="Remove"
      danger
      disabled={busy}
      onClose={onClose}
      onAction={() => run(() => call('sources.removeKey', { source: view.source, of }))}
    >
      <p>
        {of === 'source'
          ? 'The source is not asked without it. What waits for it stays in the queue.'
          : 'The proxy is used without a login from now on.'}
      </p>
      {fault === null ? null : <p role="alert">{fault}</p>}
    </Dialog>
  );
}
