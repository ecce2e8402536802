import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { DIGEST_BYTES, DIGEST_KINDS, type DigestKind } from '#shared/domain/hash.ts';
import { DeltaUnclear } from '../../../db/foreign/delta-tokens.ts';
import { DeltaCutOff, readDelta } from '../../../db/foreign/rds-delta.ts';
import type { KeyBlock } from '../../../intakes/keys/distinct-keys.ts';
import { INDEX_BLOCK } from '../../../intakes/keys/key-layout.ts';
import { mergeKeys, type MergedRefs } from '../../../intakes/keys/merge-keys.ts';
import { FIRST_PRODUCTS } from '../../../intakes/keys/product-layout.ts';
import { ProductRefs, type SomeProducts, writeProducts } from '../../../intakes/keys/product-refs.ts';
import { SetProducts } from '../../../intakes/keys/set-products.ts';
import { PackedReader } from '../../../intakes/packed-reader.ts';
import { PackedWriter } from '../../../intakes/packed-writer.ts';
import type { BuildHooks, BuildRequest, BuiltSet, DeltaRequest } from '../build-set.ts';
import { CannotFollow, DeltaRows } from './delta-rows.ts';
import { KeyStore } from '../key-store.ts';
import { followsEdition } from './rds-editions.ts';
import { readNumbers, writeNumbers } from './rds-names.ts';
import { throwIfCancelled, unreadable, unusable } from '../refusals.ts';
import { KNOWN_SET_VERSION } from '../set-builder.ts';

const CHUNK_BYTES = 1 << 18;
const PROGRESS_MS = 100;
/** Keys of the edition before that are read at once. */
const BASE_KEYS = INDEX_BLOCK / 4;

/**
 * Applies an RDSv3 delta (SQL text) to the packed set of the edition before and makes a new set of both. The set before is
 * verified first and never changed. All or nothing at `target`; a delta that takes rows of FILE away is refused, as a set
 * does not keep under how many names it knows a file: `buildOntoDatabase` applies such a one.
 */
export async function buildDelta(request: DeltaRequest, hooks: BuildHooks): Promise<BuiltSet> {
  const reader = new PackedReader(request.base, 'known-set');
  const work = `${request.target}.${randomUUID()}`;
  const store = KeyStore.create(work, true);
  try {
    reader.verify();
    const numbers = readNumbers(reader);
    if (numbers === null) {
      throw unusable(request.source, `${request.name} was not made from an NSRL RDSv3 database`);
    }
    const products = new SetProducts(reader, (section) => reader.damage(section));
    const delta = new DeltaRows(store, numbers, [...products.names()]);
    const sha256 = await readAll(request, delta, store, hooks);
    refuseOlder(request, reader, delta.version);
    return await writeMerged(request, { reader, products, delta, store, work, sha256 }, hooks);
  } finally {
    reader.close();
    store.discard();
  }
}

async function readAll(request: BuildRequest, delta: DeltaRows, store: KeyStore, hooks: BuildHooks): Promise<string> {
  const { source } = request;
  const hash = createHash('sha256');
  const total = sizeOf(source);
  let bytes = 0;
  let told = 0;
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of createReadStream(source, { highWaterMark: CHUNK_BYTES })) {
      throwIfCancelled(hooks);
      hash.update(chunk as Uint8Array);
      bytes += (chunk as Uint8Array).length;
      yield chunk as Uint8Array;
      if (performance.now() - told >= PROGRESS_MS) {
        hooks.onProgress(bytes, total, delta.rows.digests, 'reading');
        told = performance.now();
      }
    }
  };
  try {
    for await (const statement of readDelta(chunks())) {
      delta.take(statement);
      if (store.isFull) {
        store.flush();
      }
    }
  } catch (error) {
    throw refusal(source, error);
  }
  if (delta.rows.records === 0 && delta.version === '') {
    throw unusable(source, 'it holds no statement of an RDSv3 delta');
  }
  hooks.onProgress(total, total, delta.rows.digests, 'reading');
  return hash.digest('hex');
}

function refusal(source: string, error: unknown): unknown {
  if (error instanceof DeltaCutOff) {
    return unusable(source, 'it is cut off: its last statement or transaction does not end');
  }
  if (error instanceof DeltaUnclear) {
    return unusable(source, `it is no RDSv3 delta: ${error.message}`);
  }
  if (error instanceof CannotFollow) {
    return unusable(
      source,
      `line ${error.line} (${error.message}) cannot be followed by a compiled set. Name the database of the edition before (assay known-sets import, --base), or import the newer edition`,
    );
  }
  return (error as NodeJS.ErrnoException).syscall === undefined ? error : unreadable(source, error);
}

function sizeOf(source: string): number {
  try {
    return statSync(source).size;
  } catch (error) {
    throw unreadable(source, error);
  }
}

const editionSchema = z.looseObject({ rds: z.looseObject({ version: z.string() }) });

/** A delta of an edition before would leave a set that is neither the one nor the other. */
function refuseOlder({ source, name }: BuildRequest, reader: PackedReader, version: string): void {
  const before = editionSchema.safeParse(reader.header.meta).data?.rds.version ?? '';
  if (version !== '' && !followsEdition(before, version)) {
    throw unusable(source, `it makes edition ${version}, which does not follow edition ${before} of ${name}`);
  }
}

interface Merged {
  readonly reader: PackedReader;
  readonly products: SetProducts;
  readonly delta: DeltaRows;
  readonly store: KeyStore;
  readonly work: string;
  readonly sha256: string;
}

async function writeMerged(request: BuildRequest, merged: Merged, hooks: BuildHooks): Promise<BuiltSet> {
  const { reader, products, delta, store, work } = merged;
  const { rows } = delta;
  const writer = new PackedWriter(request.target);
  const refs = new ProductRefs(`${work}.several.tmp`);
  try {
    const counts: Record<DigestKind, number> = { md5: 0, sha1: 0, sha256: 0 };
    for (const kind of DIGEST_KINDS) {
      const joined = new JoinedRefs(products, refs);
      const onSorted = (done: number, total: number): void => {
        joined.forget();
        throwIfCancelled(hooks);
        hooks.onProgress(done, total, rows.digests, 'sorting');
      };
      const among = (added: Iterable<KeyBlock>): Iterable<KeyBlock> =>
        mergeKeys(DIGEST_BYTES[kind], baseBlocks(reader, kind, hooks), added, joined);
      counts[kind] = store.writeSection(kind, writer, joined.hold, onSorted, among);
      await setImmediate();
    }
    refs.writeTo(writer);
    const names = delta.names();
    writeProducts(writer, names.products);
    writeNumbers(writer, names.numbers);
    return finish(request, merged, counts, writer, names.products.length);
  } catch (error) {
    writer.abort();
    throw error;
  } finally {
    refs.discard();
  }
}

function finish(
  request: BuildRequest,
  { reader, delta, sha256 }: Merged,
  counts: Readonly<Record<DigestKind, number>>,
  writer: PackedWriter,
  products: number,
): BuiltSet {
  const { rows } = delta;
  const edition = request.edition === '' ? delta.version : request.edition;
  const datedAt = request.datedAt ?? delta.releasedAt;
  const { name, mark, importedAt } = request;
  const source = { name: basename(request.source), bytes: sizeOf(request.source), sha256 };
  const before = { edition: reader.header.meta['edition'], source: reader.header.meta['source'] };
  const meta = { name, edition, mark, datedAt, importedAt, source, onto: before, records: rows.records, counts };
  const rds = { version: delta.version, products };
  const bytes = writer.finish({
    kind: 'known-set',
    version: KNOWN_SET_VERSION,
    meta: { ...meta, form: 'nsrl-delta', rds },
  });
  const had = DIGEST_KINDS.reduce((sum, kind) => sum + reader.bytesIn(kind) / DIGEST_BYTES[kind], 0);
  return {
    bytes,
    ...counts,
    edition,
    datedAt,
    ...rows.account,
    duplicates: rows.digests - (counts.md5 + counts.sha1 + counts.sha256 - had),
  };
}

function* baseBlocks(reader: PackedReader, kind: DigestKind, hooks: BuildHooks): Generator<KeyBlock> {
  const width = DIGEST_BYTES[kind];
  const total = reader.bytesIn(kind) / width;
  for (let from = 0; from < total; from += BASE_KEYS) {
    throwIfCancelled(hooks);
    const count = Math.min(BASE_KEYS, total - from);
    const keys = reader.readBytes(kind, from * width, count * width);
    const refs = reader.readBytes(`${kind}.refs`, from * 4, count * 4);
    yield { count, keys, refs: new Uint32Array(refs.buffer, 0, count) };
  }
}

/** What keys refer to in the new set, from what they refer to before and in the delta. */
class JoinedRefs implements MergedRefs {
  readonly #products: SetProducts;
  readonly #refs: ProductRefs;
  readonly #named: number;
  /** Several products of keys of the delta, until their block is used up. */
  #held: SomeProducts[] = [];

  constructor(products: SetProducts, refs: ProductRefs) {
    this.#products = products;
    this.#refs = refs;
    this.#named = products.count;
  }

  /** Keeps several products of a key of the delta; the answer stands for them until `forget`. */
  readonly hold = (products: readonly number[]): number => {
    this.#held.push(ProductRefs.some(products));
    return -this.#held.length >>> 0;
  };

  forget(): void {
    this.#held = [];
  }

  only(side: 'base' | 'added', ref: number): number {
    return this.#refs.ref(side === 'base' ? this.#products.meaning(ref) : this.#added(ref));
  }

  both(base: number, added: number): number {
    const before = this.#products.meaning(base);
    const unseen = this.#added(added).first.filter((product) => !before.first.includes(product));
    // What is not among the first ones may be among the others, unless the edition before did not know it at all.
    const isFull = before.count > FIRST_PRODUCTS || before.atLeast;
    const certain = isFull ? unseen.filter((product) => product > this.#named) : unseen;
    return this.#refs.ref({
      count: before.count + certain.length,
      atLeast: before.atLeast || certain.length < unseen.length,
      first: [...before.first, ...unseen],
    });
  }

  #added(ref: number): SomeProducts {
    const held = this.#held[(-ref >>> 0) - 1];
    return held ?? { count: ref === 0 ? 0 : 1, atLeast: false, first: ref === 0 ? [] : [ref] };
  }
}
