import { useState, type ReactNode } from 'react';
import { errorRateText } from '#shared/domain/known-sets/error-rate.ts';
import { DIGEST_LABEL } from '#shared/domain/hash.ts';
import type { KnownSet } from '#shared/contract/known-sets.ts';
import { JobProgress } from '../../app/frame/job-progress.tsx';
import { sayFault, say, useApp, usePreferences } from '../../app/store.ts';
import { call } from '../../bridge/client.ts';
import { useCall } from '../../bridge/use-call.ts';
import { Dialog } from '../../components/dialog.tsx';
import { useNow } from '../../components/use-now.ts';
import { age, bytes, counted, number, time } from '../../components/words.ts';
import { ImportDialog } from './import-dialog.tsx';
import { type ImportAgain, LeftImports } from './left-imports.tsx';

/** What each mark does to a verdict. */
export const MARK_WORDS: Readonly<Record<KnownSet['mark'], string>> = {
  known: 'Known: named beside the hash, judges nothing',
  'known-good': 'Known good: answers non-malicious',
  'known-bad': 'Known bad: answers malicious',
};

/** Offline sets: what they are, how old, and what they do. */
export function KnownSetsView(): ReactNode {
  const { value, error, again } = useCall('knownSets.list', {}, ['known-sets']);
  const running = useApp((state) => state.jobs).filter((job) => job.kind === 'known-set' && job.state === 'running');
  const [importing, setImporting] = useState<{ readonly name: string; readonly again?: ImportAgain } | null>(null);
  const [removing, setRemoving] = useState<KnownSet | null>(null);
  const rows = value?.rows ?? [];
  return (
    <section className="view">
      <div className="viewhead">
        <h1>Known sets</h1>
        <span className="small t2">{value === null ? '' : counted(rows.length, 'set')}</span>
        <div className="facts">
          <button type="button" className="button primary" onClick={() => setImporting({ name: '' })}>
            Import a set…
          </button>
        </div>
      </div>
      {running.map((job) => (
        <JobProgress key={job.jobId} job={job} named />
      ))}
      {error === null ? null : (
        <div className="notice" role="alert">
          <span>{error}</span>
          <button type="button" className="button compact" onClick={again}>
            Try again
          </button>
        </div>
      )}
      <div className="page" tabIndex={0} role="region" aria-label="Sets">
        {value !== null && rows.length === 0 ? (
          <div className="middle">
            <h2>No known set yet</h2>
            <p className="t2">
              A set is an offline list of digests with a name, an edition and a date: files of your own builds, a
              vendor’s list, a feed of bad files, the NSRL. It answers without a network, and every hit names the
              edition.
            </p>
          </div>
        ) : null}
        {rows.length === 0 ? null : (
          <SetTable rows={rows} onReplace={(set) => setImporting({ name: set.name })} onRemove={setRemoving} />
        )}
        <LeftImports
          onContinue={(unfinished) => setImporting({ name: unfinished.work.asked?.name ?? '', again: unfinished })}
        />
      </div>
      {importing === null ? null : (
        <ImportDialog
          name={importing.name}
          again={importing.again ?? null}
          existing={rows.filter(({ syncJob }) => syncJob === null)}
          onClose={() => setImporting(null)}
        />
      )}
      {removing === null ? null : (
        <Dialog
          title={`Remove ${removing.name}`}
          action="Remove"
          danger
          onClose={() => setRemoving(null)}
          onAction={() => {
            const { id, name } = removing;
            setRemoving(null);
            call('knownSets.remove', { id }).then(() => say(`${name} removed.`), sayFault);
          }}
        >
          <p>Verdicts that rest on this set are judged again without it. Verdicts as triaged stay as they were.</p>
        </Dialog>
      )}
    </section>
  );
}

function SetTable(props: {
  readonly rows: readonly KnownSet[];
  readonly onReplace: (set: KnownSet) => void;
  readonly onRemove: (set: KnownSet) => void;
}): ReactNode {
  const zone = usePreferences()?.times ?? 'local';
  const now = useNow();
  return (
    <table className="sheet">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Edition</th>
          <th scope="col">Mark</th>
          <th scope="col" className="num">
            MD5
          </th>
          <th scope="col" className="num">
            SHA-1
          </th>
          <th scope="col" className="num">
            SHA-256
          </th>
          <th scope="col" className="num">
            Size
          </th>
          <th scope="col">Dated</th>
          <th scope="col" className="num">
            Imported
          </th>
          <th scope="col">
            <span className="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {props.rows.map((set) => (
          <tr key={set.id}>
            <td className="medium">
              {set.name}
              {set.state === 'missing' ? <span className="tag">file missing</span> : null}
              {set.products === 0 ? null : <span className="tag">{counted(set.products, 'product')}</span>}
              {set.possible === null ? null : (
                <span
                  className="tag"
                  title={`A Bloom filter of ${number(set.possible.keys)} ${DIGEST_LABEL[set.possible.digest]} digests, ${errorRateText(set.possible.errorRate)}. It decides nothing.`}
                >
                  possible only
                </span>
              )}
              {set.syncJob === null ? null : (
                <span
                  className="tag"
                  title={`Made from the files the sync job ${set.edition} pulled; it goes with the job.`}
                >
                  made by sync
                </span>
              )}
            </td>
            <td>{set.edition === '' ? <span className="t3">unnamed</span> : set.edition}</td>
            <td title={MARK_WORDS[set.mark]}>{set.mark}</td>
            <td className="num">{number(set.digests.md5)}</td>
            <td className="num">{number(set.digests.sha1)}</td>
            <td className="num">{number(set.digests.sha256)}</td>
            <td className="num t2">{bytes(set.bytes)}</td>
            <td className="t2">{set.datedAt === null ? 'undated' : time(set.datedAt, 'utc').slice(0, 10)}</td>
            <td className="num t2" title={time(set.importedAt, zone)}>
              {age(set.importedAt, now)}
            </td>
            <td>
              {set.syncJob === null ? (
                <span className="row end">
                  <button type="button" className="button compact" onClick={() => props.onReplace(set)}>
                    Replace…
                  </button>
                  <button type="button" className="button compact danger" onClick={() => props.onRemove(set)}>
                    Remove…
                  </button>
                </span>
              ) : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
