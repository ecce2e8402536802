import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { KnownSet } from '#shared/contract/known-sets.ts';
import type { SetMark } from '#shared/domain/evidence.ts';
import { errorRateText } from '#shared/domain/known-sets/error-rate.ts';
import { DIGEST_LABEL, type DigestKind } from '#shared/domain/hash.ts';
import { ofSetName } from '#shared/domain/known-sets/set-names.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { SetForm } from '#shared/domain/known-sets/set-forms.ts';
import type { Begun } from '../../../../services/known-sets/list-work.ts';
import { pourInto } from '../../../../platform/file-stream.ts';
import { pipeBytes } from '../../../../platform/named-pipe.ts';
import { EXIT } from '../../exit-codes.ts';
import { readableFile } from '../../inputs.ts';
import { count, counted, bytes, utc } from '../../output/numbers.ts';
import { writeListing, type OutputFormat } from '../../output/records.ts';
import type { Session } from '../../session.ts';

export interface SetImportOptions {
  readonly name?: string;
  readonly edition: string;
  /** Seconds since the epoch. */
  readonly date: number | null;
  readonly mark: SetMark;
  readonly kind: 'auto' | SetForm;
  readonly digest?: DigestKind;
  /** The database of the edition that a delta is for. */
  readonly base?: string;
  readonly replace: boolean;
}

/** Imports a file, or standard input, as a known set. */
export async function importSet(session: Session, file: string, options: SetImportOptions): Promise<number> {
  if (file === '-' && options.name === undefined) {
    throw new AppError('INVALID_ARGUMENT', 'A set from standard input needs a name: add --name NAME.');
  }
  if (options.base !== undefined && options.kind !== 'nsrl-delta') {
    throw new AppError('INVALID_ARGUMENT', '--base names the database of a delta: add --kind nsrl-delta.');
  }
  const baseDatabase = options.base === undefined ? undefined : await readableFile(session.host, options.base);
  const named = file === '-' ? null : await readableFile(session.host, file);
  const isPipe = named !== null && !(await stat(named)).isFile();
  if (isPipe && options.name === undefined) {
    throw new AppError('INVALID_ARGUMENT', 'A set from a pipe needs a name: add --name NAME.');
  }
  return session.withEngine(async (engine) => {
    const held =
      named === null
        ? await hold(session, session.host.stdin)
        : isPipe
          ? await hold(session, pipeBytes(named, session.signal))
          : null;
    try {
      const path = held?.path ?? named ?? '';
      let told = false;
      const result = await engine.knownSets.import(
        path,
        {
          name: options.name ?? basename(path),
          edition: options.edition,
          datedAt: options.date,
          mark: options.mark,
          form: options.kind === 'auto' ? undefined : options.kind,
          digest: options.digest,
          baseDatabase,
          replace: options.replace,
          once: held !== null,
        },
        (done, total, digests, phase, begun = null) => {
          if (begun !== null && !told) {
            told = true;
            session.note(begunNote(basename(path), begun));
          }
          session.progress.show({
            phase,
            done,
            total,
            unit: phase === 'reading' ? 'bytes' : 'digests',
            note: counted(digests, 'digest'),
          });
        },
        session.signal,
      );
      session.progress.clear();
      for (const problem of result.firstProblems) {
        session.warn(`${basename(path)}:${problem.line}: ${problem.reason}: "${problem.excerpt}"`);
      }
      if (result.set.possible !== null) {
        session.note(filterNote(result.set, result.set.possible));
        return EXIT.done;
      }
      const { md5, sha1, sha256 } = result.set.digests;
      // Rows with several digests bring in more than one.
      const further = result.furtherDigests === 0 ? '' : ` and ${counted(result.furtherDigests, 'further digest')}`;
      session.note(
        `${result.set.name}: ${counted(result.records, 'record')}${further} = ${counted(md5 + sha1 + sha256, 'digest')} + ${counted(result.duplicates, 'duplicate')} + ${count(result.withoutHash)} without a hash + ${count(result.rejected)} rejected.`,
      );
      return EXIT.done;
    } finally {
      await held?.remove();
    }
  });
}

/** All sets, by name. */
export async function listSets(session: Session, format: OutputFormat): Promise<number> {
  return session.withEngine(async (engine) => {
    await writeListing(session, format, {
      rows: await engine.knownSets.list(),
      whenEmpty: 'No known sets.',
      columns: [
        { header: 'id', align: 'right', cell: (set) => String(set.id) },
        { header: 'name', cell: (set) => set.name, least: 10 },
        { header: 'edition', cell: (set) => set.edition, least: 6 },
        { header: 'marked', cell: (set) => set.mark },
        { header: 'dated', cell: (set) => (utc(set.datedAt) ?? '').slice(0, 10) },
        { header: 'MD5', align: 'right', cell: (set) => count(set.digests.md5) },
        { header: 'SHA-1', align: 'right', cell: (set) => count(set.digests.sha1) },
        { header: 'SHA-256', align: 'right', cell: (set) => count(set.digests.sha256) },
        { header: 'size', align: 'right', cell: (set) => bytes(set.bytes) },
        { header: 'state', cell: stateOf },
      ],
      data: (set) => ({
        id: set.id,
        name: set.name,
        edition: set.edition,
        mark: set.mark,
        datedAt: utc(set.datedAt),
        importedAt: utc(set.importedAt),
        md5: set.digests.md5,
        sha1: set.digests.sha1,
        sha256: set.digests.sha256,
        bytes: set.bytes,
        products: set.products,
        possible: set.possible,
        state: set.state,
        syncJob: set.syncJob,
      }),
    });
    return EXIT.done;
  });
}

/** Removes a set by its name or number. */
export async function removeSet(session: Session, name: string): Promise<number> {
  return session.withEngine(async (engine) => {
    const sets = await engine.knownSets.list();
    // Sync jobs may make sets of the same name: those cannot be removed, so a name means the imported one.
    const named = sets.filter((set) => set.name === name);
    const found =
      named.find(({ syncJob }) => syncJob === null) ??
      named[0] ??
      sets.find((set) => String(set.id) === name) ??
      ofSetName(sets, name);
    if (found === undefined) {
      throw new AppError('NOT_FOUND', `There is no known set "${name}". "assay known-sets list" names them.`);
    }
    await engine.knownSets.remove(found.id);
    session.note(`${found.name} removed; verdicts that rested on it are judged again when they are shown.`);
    return EXIT.done;
  });
}

interface Held {
  readonly path: string;
  remove(): Promise<void>;
}

/** Known sets are read from a file: what comes from a pipe is kept in one, for as long as it is read. */
async function hold(session: Session, source: AsyncIterable<Uint8Array> | Readable): Promise<Held> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-'));
  const path = join(folder, 'standard-input');
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await pourInto(path, source, session.signal);
  } catch (error) {
    await remove();
    throw error;
  }
  return { path, remove };
}

function begunNote(name: string, begun: Begun): string {
  return begun.kind === 'resumed'
    ? `Resumed at ${bytes(begun.at)} of ${bytes(begun.total)}.`
    : `${name} has changed since its last import was interrupted: it is read from the start.`;
}

function filterNote({ name }: KnownSet, { keys, digest, errorRate }: NonNullable<KnownSet['possible']>): string {
  return `${name}: a Bloom filter of ${count(keys)} ${DIGEST_LABEL[digest]} digests, ${errorRateText(errorRate)}. What it holds is possible, never known.`;
}

function stateOf({ state, syncJob, possible }: KnownSet): string {
  const said = possible === null ? state : `${state}, ${counted(possible.keys, 'possible digest')}`;
  return syncJob === null ? said : `${said}, of sync job ${syncJob}`;
}
