import { useState, type ReactNode } from 'react';
import type { CacheStats } from '#shared/contract/app.ts';
import { sourceLabel, SOURCE_IDS } from '#shared/domain/source.ts';
import { call, sentenceOf } from '../../bridge/client.ts';
import { bytes, counted, number } from '../../components/words.ts';

/** Before the label of a figure that is part of the one above. */
const PART = '  ';

type Check =
  | { readonly state: 'none' | 'running' }
  | { readonly state: 'ended'; readonly ok: boolean; readonly problems: readonly string[] };

/** What the cache holds, where it lies, and whether it is sound. */
export function CacheBlock({
  stats,
  directory,
}: {
  readonly stats: CacheStats;
  readonly directory: string;
}): ReactNode {
  const [check, setCheck] = useState<Check>({ state: 'none' });
  const verify = (): void => {
    setCheck({ state: 'running' });
    call('cache.verify', {}).then(
      (result) => setCheck({ state: 'ended', ...result }),
      (error: unknown) => setCheck({ state: 'ended', ok: false, problems: [sentenceOf(error)] }),
    );
  };
  const rows: readonly (readonly [string, string])[] = [
    ['Reputation items', number(stats.items)],
    ...SOURCE_IDS.filter((id) => (stats.itemsBySource[id] ?? 0) > 0).map(
      (id) => [`${PART}${sourceLabel(id)}`, number(stats.itemsBySource[id] ?? 0)] as const,
    ),
    ['Files', number(stats.files)],
    ['Digests', number(stats.digests)],
    ['Hash-list entries', number(stats.listEntries)],
    ['Known sets', `${number(stats.knownSets)}, ${bytes(stats.knownSetBytes)}`],
    ['Intakes', `${number(stats.intakes)}, ${bytes(stats.intakeBytes)}`],
    ['Sync jobs', `${number(stats.syncJobs)}, ${number(stats.syncIndicators)} indicators`],
    ['Database', bytes(stats.databaseBytes)],
    ['Size, as its maximum counts it', bytes(stats.size.bytes)],
    ['Maximum size', bytes(stats.size.cap)],
  ];
  return (
    <div className="block">
      <dl className="kv tally">
        {rows.map(([label, value]) => (
          <div key={label} className={label.startsWith(PART) ? 'kvrow part' : 'kvrow'}>
            <dt>{label.trim()}</dt>
            <dd className="num">{value}</dd>
          </div>
        ))}
      </dl>
      <p className="small">
        <span className="t2">Data directory</span> <code className="mono">{directory}</code>
      </p>
      <div className="row">
        <button type="button" className="button" disabled={check.state === 'running'} onClick={verify}>
          {check.state === 'running' ? 'Checking…' : 'Check everything'}
        </button>
        <span className="small" role="status">
          {check.state !== 'ended'
            ? ''
            : check.ok
              ? 'Every page, row and file is sound.'
              : `${counted(check.problems.length, 'problem')} found.`}
        </span>
      </div>
      {check.state === 'ended' && !check.ok ? (
        <ul className="places small">
          {check.problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      ) : null}
      <p className="small t2">
        Items are imported, exported, backed up and restored by the <code>assay cache</code> command.
      </p>
    </div>
  );
}
