import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { isAppError } from '#shared/errors/app-error.ts';
import { DIGEST_KINDS, type DigestKind } from '#shared/domain/hash.ts';
import { type RdsBatch, RdsDatabase, type RdsNames } from '../../../db/foreign/nsrl-rdsv3.ts';
import type { RunOptions } from '../../../intakes/keys/key-runs.ts';
import { ProductRefs, writeProducts } from '../../../intakes/keys/product-refs.ts';
import { PackedWriter } from '../../../intakes/packed-writer.ts';
import type { BuildHooks, BuildRequest, BuiltSet } from '../build-set.ts';
import { type Begun as HowBegun, describedFor, FEWEST_BYTES } from '../list-work.ts';
import { numbersOf, writeNumbers } from './rds-names.ts';
import { cancelledKept, throwIfCancelled, unusable } from '../refusals.ts';
import { KeyStore } from '../key-store.ts';
import { productNumbers, RdsRows } from './rds-rows.ts';
import { KNOWN_SET_VERSION, problemSchema } from '../set-builder.ts';
import { WorkFolder } from '../work-folder.ts';

const PROGRESS_MS = 100;

/** What an interrupted import goes on from. */
const stateSchema = z.strictObject({
  last: z.int().nonnegative(),
  lengths: z.strictObject({ md5: z.int(), sha1: z.int(), sha256: z.int() }),
  counts: z.strictObject({
    records: z.int(),
    digests: z.int(),
    hashed: z.int(),
    withoutHash: z.int(),
    rejected: z.int(),
    firstProblems: z.array(problemSchema),
  }),
});

/** Rows of FILE and the names of products, from one database or from a database and its changes. */
export type RdsRowSource = Pick<RdsDatabase, 'names' | 'edition' | 'lastRow' | 'batches' | 'rows' | 'close'>;

/** What a set is compiled from. */
export interface RdsOrigin {
  /** Names the content: another size or time is another edition, and nothing that was kept of this one counts. */
  readonly work: string;
  /** Size of what is read. */
  readonly bytes: number;
  /** Of these, what is read before the rows. */
  readonly ahead?: number;
  /** What the set's header says of where it comes from. */
  readonly meta: Readonly<Record<string, unknown>>;
  /** The first of the files it is read from that is not any more what `work` names; null for none. */
  changed(): string | null;
  /** Opens it; `folder` is for what it needs beside it, and is found again when the import goes on. */
  open(folder: string): RdsRowSource | Promise<RdsRowSource>;
}

/** Compiles an NSRL RDSv3 database into a packed set that names the products of every digest. All or nothing at `target`. */
export function buildRds(request: BuildRequest, hooks: BuildHooks): Promise<BuiltSet> {
  const { source } = request;
  const database = new RdsDatabase(source);
  const { size } = statSync(source);
  const meta = { form: 'nsrl-rdsv3', source: { name: basename(source), bytes: size, sha256: null } };
  const work = nameOf(source);
  const changed = (): string | null => (isNamed(source, work) ? null : source);
  return compileRds(request, { work, bytes: size, meta, changed, open: () => database }, hooks);
}

/**
 * Compiles rows in the order in which they are stored. An import of the same origin that was cancelled or whose process died
 * goes on where it was; a cancelled one of less than 8 MiB leaves nothing.
 */
export async function compileRds(request: BuildRequest, origin: RdsOrigin, hooks: BuildHooks): Promise<BuiltSet> {
  let folder: WorkFolder | null = null;
  let database: RdsRowSource | null = null;
  let begun: Begun | null = null;
  try {
    folder = WorkFolder.take(dirname(request.target), origin.work, describedFor(request, origin.bytes));
    database = await origin.open(folder.path);
    const names = database.names();
    const options = request.runRecords === undefined ? {} : { runRecords: request.runRecords };
    const packages = names.products.map(({ id }) => id);
    begun = resumed(folder, packages, options);
    await readAll({ database, origin, folder, begun }, hooks);
    refuseEmpty(request.source, begun.rows);
    const built = await writeSet(request, origin, database, { ...begun, names, work: folder.path }, hooks);
    begun.store.discard();
    folder.remove();
    return built;
  } catch (error) {
    throw failed(request, origin, { folder, begun }, error);
  } finally {
    database?.close();
  }
}

/** Cleans up behind an import that came to nothing; returns the error to tell. A cancelled one leaves what it kept. */
function failed(
  request: BuildRequest,
  origin: RdsOrigin,
  { folder, begun }: { readonly folder: WorkFolder | null; readonly begun: Begun | null },
  error: unknown,
): unknown {
  const isCancelled = isAppError(error) && error.code === 'CANCELLED';
  const isWorth = origin.bytes >= (request.keptFrom ?? FEWEST_BYTES) && request.once !== true;
  if (isCancelled && isWorth && folder !== null && folder.state() !== null) {
    begun?.store.close();
    return folder.leave() ? cancelledKept() : error;
  }
  begun?.store.discard();
  folder?.remove();
  return error;
}

interface Begun {
  readonly store: KeyStore;
  readonly rows: RdsRows;
  /** The last row that was read. */
  readonly last: number;
}

/** Names a database as it is now, with what is written ahead of it, if anything is. */
export function nameOf(source: string): string {
  const { size, mtimeMs, ino } = statSync(source);
  const ahead = statSync(`${source}-wal`, { throwIfNoEntry: false });
  const rest = ahead === undefined || ahead.size === 0 ? '' : ` ${ahead.size} ${ahead.mtimeMs}`;
  return createHash('sha256').update(`rds 1 ${source} ${ino} ${size} ${mtimeMs}${rest}`).digest('hex');
}

/** Whether a database is still the one that `nameOf` named so. */
export function isNamed(source: string, name: string): boolean {
  try {
    return nameOf(source) === name;
  } catch {
    // It is gone.
    return false;
  }
}

function resumed(folder: WorkFolder, packages: readonly number[], options: RunOptions): Begun {
  const work = `${folder.path}/keys`;
  const state = stateSchema.safeParse(folder.state());
  if (state.success) {
    try {
      const store = KeyStore.resume(work, true, state.data.lengths, options);
      return { store, rows: new RdsRows(store, productNumbers(packages), state.data.counts), last: state.data.last };
    } catch {
      // What was kept is not whole: it is read again.
    }
  }
  folder.forget();
  const store = KeyStore.create(work, true, options);
  return { store, rows: new RdsRows(store, productNumbers(packages)), last: 0 };
}

interface Reading {
  readonly database: RdsRowSource;
  readonly origin: RdsOrigin;
  readonly folder: WorkFolder;
  readonly begun: Begun;
}

async function readAll({ database, origin, folder, begun }: Reading, hooks: BuildHooks): Promise<void> {
  const { store, rows } = begun;
  const total = origin.bytes;
  const most = Math.max(database.lastRow(), 1);
  const { ahead = 0 } = origin;
  const bytesAt = (row: number): number => ahead + Math.floor(((total - ahead) * row) / most);
  const how: HowBegun | null = begun.last === 0 ? null : { kind: 'resumed', at: bytesAt(begun.last), total };
  let told = 0;
  let read = begun.last;
  const keep = (): void => folder.save({ last: read, lengths: store.flush(), counts: rows.counts }, bytesAt(read));
  for (const batch of database.batches(begun.last)) {
    if (hooks.isCancelled() && read > begun.last) {
      keep();
    }
    throwIfCancelled(hooks);
    take(database, rows, batch, read);
    read = batch.last;
    if (store.isFull) {
      keep();
    }
    if (performance.now() - told >= PROGRESS_MS) {
      hooks.onProgress(bytesAt(read), total, rows.digests, 'reading', how);
      await setImmediate();
      told = performance.now();
    }
  }
  throwIfCancelled(hooks);
  hooks.onProgress(total, total, rows.digests, 'reading', how);
}

function take(database: RdsRowSource, rows: RdsRows, batch: RdsBatch, before: number): void {
  if (!rows.takeAll(batch)) {
    for (const row of database.rows(before, batch.last)) {
      rows.take(row);
    }
  }
}

function refuseEmpty(source: string, rows: RdsRows): void {
  if (rows.digests === 0) {
    throw unusable(source, 'it holds no MD5, SHA-1 or SHA-256 hash');
  }
}

interface Compiled extends Begun {
  readonly names: RdsNames;
  readonly work: string;
}

async function writeSet(
  request: BuildRequest,
  origin: RdsOrigin,
  database: RdsRowSource,
  { store, rows, names, work }: Compiled,
  hooks: BuildHooks,
): Promise<BuiltSet> {
  const said = database.edition();
  const edition = request.edition === '' ? said.version : request.edition;
  const datedAt = request.datedAt ?? said.releasedAt;
  const writer = new PackedWriter(request.target);
  const refs = new ProductRefs(`${work}/several.tmp`);
  try {
    const counts: Record<DigestKind, number> = { md5: 0, sha1: 0, sha256: 0 };
    for (const kind of DIGEST_KINDS) {
      counts[kind] = store.writeSection(kind, writer, refs.join, (done, total) => {
        throwIfCancelled(hooks);
        hooks.onProgress(done, total, rows.digests, 'sorting');
      });
      await setImmediate();
    }
    refs.writeTo(writer);
    writeProducts(writer, names.products);
    writeNumbers(writer, numbersOf(names));
    throwIfCancelled(hooks);
    const changed = origin.changed();
    if (changed !== null) {
      throw unusable(changed, 'it changed while it was read');
    }
    const { name, mark, importedAt } = request;
    const { buildSet, description, version } = said;
    const meta = { name, edition, mark, datedAt, importedAt, ...origin.meta, records: rows.records, counts };
    const rds = { version, buildSet, description, products: names.products.length };
    const bytes = writer.finish({
      kind: 'known-set',
      version: KNOWN_SET_VERSION,
      meta: { ...meta, rds },
    });
    return {
      bytes,
      ...counts,
      edition,
      datedAt,
      ...rows.account,
      duplicates: rows.digests - counts.md5 - counts.sha1 - counts.sha256,
    };
  } catch (error) {
    writer.abort();
    throw error;
  } finally {
    refs.discard();
  }
}
