import { useEffect, useState, type ReactNode } from 'react';
import type { LeftWork } from '#shared/contract/known-sets.ts';
import { say, sayFault, useApp, usePreferences } from '../../app/store.ts';
import { call } from '../../bridge/client.ts';
import { useCall } from '../../bridge/use-call.ts';
import { Dialog } from '../../components/dialog.tsx';
import { useNow } from '../../components/use-now.ts';
import { age, bytes, time } from '../../components/words.ts';

/** An unfinished import to be asked for again; a handle is null for what is not there any more. */
export interface ImportAgain {
  readonly work: LeftWork;
  readonly handle: string | null;
  readonly baseHandle: string | null;
}

/** What imports that did not end have kept: how far they came, until when, and a way to continue or discard each. */
export function LeftImports({ onContinue }: { readonly onContinue: (again: ImportAgain) => void }): ReactNode {
  const { value, error, again } = useCall('knownSets.leftWork', {}, ['known-sets']);
  const [discarding, setDiscarding] = useState<LeftWork | null>(null);
  // An import that begins, is cancelled or fails changes no set, only what is kept of it.
  const imports = useApp(({ jobs }) =>
    jobs
      .filter(({ kind }) => kind === 'known-set')
      .map(({ jobId, state }) => `${jobId} ${state}`)
      .join(),
  );
  useEffect(again, [again, imports]);
  const rows = value?.rows ?? [];
  if (error !== null) {
    return (
      <div className="notice" role="alert">
        <span>{error}</span>
        <button type="button" className="button compact" onClick={again}>
          Try again
        </button>
      </div>
    );
  }
  if (rows.length === 0) {
    return null;
  }
  const discard = (work: LeftWork): void => {
    setDiscarding(null);
    call('knownSets.discardWork', { id: work.id })
      .then(() => say(`What was kept of ${nameOf(work)} is removed.`), sayFault)
      .finally(again);
  };
  const reopen = (work: LeftWork): void => {
    call('knownSets.continueWork', { id: work.id })
      .then((held) => onContinue({ work, ...held }), sayFault)
      .finally(again);
  };
  return (
    <section className="leftimports" aria-labelledby="left-imports">
      <h2 id="left-imports">Unfinished imports</h2>
      <p className="small t2">Importing the same file again, with the same base if it had one, continues an import.</p>
      <LeftTable rows={rows} onContinue={reopen} onDiscard={setDiscarding} />
      {discarding === null ? null : (
        <Dialog
          title={`Discard the import of ${nameOf(discarding)}`}
          action="Discard"
          danger
          onClose={() => setDiscarding(null)}
          onAction={() => discard(discarding)}
        >
          <p>{bytes(discarding.size)} on disk are freed. Importing the file again then reads it from the start.</p>
        </Dialog>
      )}
    </section>
  );
}

function LeftTable(props: {
  readonly rows: readonly LeftWork[];
  readonly onContinue: (work: LeftWork) => void;
  readonly onDiscard: (work: LeftWork) => void;
}): ReactNode {
  const zone = usePreferences()?.times ?? 'local';
  const now = useNow();
  return (
    <table className="sheet" aria-label="Unfinished imports">
      <thead>
        <tr>
          <th scope="col">File</th>
          <th scope="col" className="num">
            Read
          </th>
          <th scope="col" className="num">
            On disk
          </th>
          <th scope="col" className="num">
            Last kept
          </th>
          <th scope="col">Kept until</th>
          <th scope="col">
            <span className="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {props.rows.map((work) => (
          <tr key={work.id}>
            <td className="medium" title={work.asked?.path}>
              {nameOf(work)}
              {work.state === 'running' ? <span className="tag">running</span> : null}
              {work.state === 'lost' ? <span className="tag">cannot be continued</span> : null}
            </td>
            <td className="num">
              {work.read === null ? 'unknown' : `${bytes(work.read.bytes)} of ${bytes(work.read.of)}`}
            </td>
            <td className="num t2">{bytes(work.size)}</td>
            <td className="num t2" title={time(work.keptAt, zone)}>
              {age(work.keptAt, now)}
            </td>
            <td className="t2">{work.state === 'running' ? '' : time(work.keptUntil, zone)}</td>
            <td>
              {work.state === 'running' ? null : (
                <span className="row end">
                  {work.state === 'kept' ? (
                    <button
                      type="button"
                      className="button compact"
                      aria-label={`Continue ${nameOf(work)}`}
                      onClick={() => props.onContinue(work)}
                    >
                      Continue…
                    </button>
                  ) : null}
                  <button
                    type="button"
                    className="button compact danger"
                    aria-label={`Discard ${nameOf(work)}`}
                    onClick={() => props.onDiscard(work)}
                  >
                    Discard…
                  </button>
                </span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function nameOf({ file }: LeftWork): string {
  return file ?? 'unknown file';
}
