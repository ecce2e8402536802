import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { DIGEST_KINDS, type DigestKind } from '#shared/domain/hash.ts';
import { type RdsBatch, RdsDatabase, type RdsNames } from '../../../db/foreign/nsrl-rdsv3.ts';
import type { RunOptions } from '../../../intakes/keys/key-runs.ts';
import { ProductRefs, writeProducts } from '../../../intakes/keys/product-refs.ts';
import { PackedWriter } from '../../../intakes/packed-writer.ts';
import type { BuildHooks, BuildRequest, BuiltSet } from '../build-set.ts';
import { numbersOf, writeNumbers } from './rds-names.ts';
import { throwIfCancelled, unusable } from '../refusals.ts';
import { KeyStore } from '../key-store.ts';
import { productNumbers, RdsRows } from './rds-rows.ts';
import { KNOWN_SET_VERSION } from '../set-builder.ts';
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
  }),
});

/**
 * Compiles an NSRL RDSv3 database into a packed set that names the products of every digest. Rows are read in the order in
 * which they are stored; an import of the same file that was interrupted goes on where it was. All or nothing at `target`.
 */
export async function buildRds(request: BuildRequest, hooks: BuildHooks): Promise<BuiltSet> {
  const database = new RdsDatabase(request.source);
  let folder: WorkFolder | null = null;
  let store: KeyStore | null = null;
  try {
    folder = WorkFolder.take(dirname(request.target), nameOf(request.source));
    const names = database.names();
    const begun = resumed(
      folder,
      names.products.map(({ id }) => id),
      request.runRecords === undefined ? {} : { runRecords: request.runRecords },
    );
    ({ store } = begun);
    await readAll(database, folder, begun, hooks);
    refuseEmpty(request.source, begun.rows);
    return await writeSet(request, database, { ...begun, names, work: folder.path }, hooks);
  } finally {
    database.close();
    store?.discard();
    // Whether it came to a set, was cancelled or refused: only a process that died leaves work behind.
    folder?.remove();
  }
}

interface Begun {
  readonly store: KeyStore;
  readonly rows: RdsRows;
  /** The last row that was read. */
  readonly last: number;
}

/** Names the file as it is now: another size or time is another edition. */
function nameOf(source: string): string {
  const { size, mtimeMs, ino } = statSync(source);
  return createHash('sha256').update(`rds 1 ${source} ${ino} ${size} ${mtimeMs}`).digest('hex');
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
  const store = KeyStore.create(work, true, options);
  return { store, rows: new RdsRows(store, productNumbers(packages)), last: 0 };
}

async function readAll(database: RdsDatabase, folder: WorkFolder, begun: Begun, hooks: BuildHooks): Promise<void> {
  const { store, rows } = begun;
  const total = statSync(database.path).size;
  const most = Math.max(database.lastRow(), 1);
  let told = 0;
  let read = begun.last;
  for (const batch of database.batches(begun.last)) {
    throwIfCancelled(hooks);
    take(database, rows, batch, read);
    read = batch.last;
    if (store.isFull) {
      folder.save({ last: read, lengths: store.flush(), counts: rows.counts });
    }
    if (performance.now() - told >= PROGRESS_MS) {
      hooks.onProgress(Math.floor((total * read) / most), total, rows.digests, 'reading');
      await setImmediate();
      told = performance.now();
    }
  }
  throwIfCancelled(hooks);
  hooks.onProgress(total, total, rows.digests, 'reading');
}

function take(database: RdsDatabase, rows: RdsRows, batch: RdsBatch, before: number): void {
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
  database: RdsDatabase,
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
    const { name, mark, importedAt } = request;
    const { buildSet, description, version } = said;
    const source = { name: basename(request.source), bytes: statSync(request.source).size, sha256: null };
    const meta = { name, edition, mark, datedAt, importedAt, source, records: rows.records, counts };
    const rds = { version, buildSet, description, products: names.products.length };
    const bytes = writer.finish({
      kind: 'known-set',
      version: KNOWN_SET_VERSION,
      meta: { ...meta, form: 'nsrl-rdsv3', rds },
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
