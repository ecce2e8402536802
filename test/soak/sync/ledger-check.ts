import { openInlineDatabase } from '#main/db/client.ts';
import type { LedgerRow } from '#main/db/repositories/sync/types.ts';
import type { EndState } from './end-state.ts';
import type { Life } from './life.ts';
import type { SeenWrite } from './services.ts';

/** A kind of write, as the service sees it and as the ledger names it. `many`: one row stands for several requests. */
interface WriteKind {
  readonly method: string;
  readonly path: RegExp;
  readonly action: RegExp;
  readonly many?: true;
}

const KINDS: readonly WriteKind[] = [
  { method: 'POST', path: /\/sources\/\d+\/intels$/, action: /^create package$/ },
  { method: 'PUT', path: /\/intels\/\d+$/, action: /^replace package$/ },
  { method: 'DELETE', path: /\/intels\/$/, action: /^delete package$/ },
  { method: 'POST', path: /\/labels$/, action: /^create label / },
  { method: 'PUT', path: /\/labels$/, action: /^label / },
  { method: 'DELETE', path: /\/labels\/\d+$/, action: /^unlabel / },
  { method: 'POST', path: /\/sources$/, action: /^create source$/ },
  { method: 'POST', path: /\/custom\/upload$/, action: /^list hashes$/ },
  { method: 'DELETE', path: /\/custom\/[^/]+$/, action: /^unlist hashes$/, many: true },
  { method: 'POST', path: /\/intel\/deploy$/, action: /^deploy$/ },
];
const JOB = 1;
const PAGE = 1_000;
/** A wrong one is shown, with how many there are. */
const NONE: readonly string[] = [];

/** Compares the ledger of a directory with what its Threat Response holds and did. Nothing may be running any more. */
export async function checkLedger({ directory, services }: Life, end: EndState): Promise<readonly string[]> {
  const database = await openInlineDatabase(directory);
  try {
    const rows: LedgerRow[] = [];
    for (let offset = 0; ; offset += PAGE) {
      const page = await database.read('syncLedgerPage', { jobId: JOB, offset, limit: PAGE });
      rows.push(...page.rows);
      if (page.rows.length < PAGE) {
        break;
      }
    }
    rows.reverse();
    const packages = await database.read('syncPackages', { jobId: JOB });
    const open = await database.read('openLedgerRows', { jobId: JOB });
    const standing = new Map(packages.filter(({ intelId }) => intelId !== null).map((one) => [one.name, one]));
    return [
      ...count(
        'writes are not settled',
        open.map(({ action, package: name }) => `${action} ${name}`),
      ),
      ...count(
        'packages are not done',
        packages.filter(({ dirty, retiring }) => dirty || retiring).map(({ name }) => name),
      ),
      ...count(
        'documents are no package here',
        [...end.documents]
          .filter(
            ([name, { intelId, rootId }]) =>
              standing.get(name)?.intelId !== intelId || standing.get(name)?.rootId !== rootId,
          )
          .map(([name]) => name),
      ),
      ...count(
        'packages have no document',
        [...standing.keys()].filter((name) => !end.documents.has(name)),
      ),
      ...count('documents have no settled write', withoutWrite(rows, end)),
      ...KINDS.flatMap((kind) => unrecorded(kind, rows, services.writes)),
      ...count(
        'writes are of no known kind',
        services.writes
          .filter((write) => !KINDS.some((kind) => isOf(kind, write)))
          .map(({ method, path }) => `${method} ${path}`),
      ),
    ];
  } finally {
    await database.close();
  }
}

function withoutWrite(rows: readonly LedgerRow[], { documents }: EndState): readonly string[] {
  const settled = new Set(
    rows
      .filter(
        ({ outcome, action }) =>
          (outcome === 'done' || outcome === 'found') && /^(?:create|replace) package$/.test(action),
      )
      .map(({ package: name, intelId }) => `${name} ${intelId}`),
  );
  return [...documents].filter(([name, { intelId }]) => !settled.has(`${name} ${intelId}`)).map(([name]) => name);
}

/** By the time of the n-th write of a kind at least n rows of that kind must have been there. */
function unrecorded(kind: WriteKind, rows: readonly LedgerRow[], writes: readonly SeenWrite[]): readonly string[] {
  const begun = rows.filter(({ action }) => kind.action.test(action)).map(({ at }) => at);
  const seen = writes.filter((write) => isOf(kind, write));
  const missing = seen.filter(({ at }, index) => {
    const needed = kind.many === true ? begun[0] : begun[index];
    return needed === undefined || needed > at;
  });
  return missing.length === 0
    ? NONE
    : [
        `${missing.length} of ${seen.length} writes ${kind.method} ${String(kind.path)} were not in the ledger before they were done`,
      ];
}

function isOf({ method, path }: WriteKind, write: SeenWrite): boolean {
  return write.method === method && path.test(write.path);
}

function count(what: string, which: readonly string[]): readonly string[] {
  return which.length === 0 ? NONE : [`${which.length} ${what}: ${which.slice(0, 3).join('; ')}`];
}
