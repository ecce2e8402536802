import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { SetMark } from '#shared/domain/evidence.ts';
import { DIGEST_KINDS, type DigestKind } from '#shared/domain/hash.ts';
import type { SetForm } from '#shared/domain/known-sets/set-forms.ts';
import { readRecords, type ReadResult } from '../../formats/read-records.ts';
import type { Recognition } from '../../formats/recognition.ts';
import { PackedWriter } from '../../intakes/packed-writer.ts';
import type { OnSorted } from './key-store.ts';
import { type Begun, ListWork } from './list-work.ts';
import { throwIfCancelled, unusable } from './refusals.ts';
import { KNOWN_SET_VERSION, SetBuilder, type SetProblem } from './set-builder.ts';
import { OtherBeginning, type ReadPart, SourceFile } from './source-file.ts';

export type BuildPhase = 'reading' | 'sorting';

/** What a set is called, and where to. Structured-cloneable. */
export interface SetTarget {
  /** The packed file to make. */
  readonly target: string;
  readonly name: string;
  readonly edition: string;
  readonly mark: SetMark;
  readonly datedAt: number | null;
  /** Seconds since the epoch. */
  readonly importedAt: number;
}

export interface BuildRequest extends SetTarget {
  /** The file to read. */
  readonly source: string;
  /** `auto`: found out from the content. */
  readonly form: SetForm | 'auto';
  /** What the keys of a Bloom filter are digests of; SHA-1 where this is left out. */
  readonly digest?: DigestKind;
  /** The packed file of the edition in force; a delta needs one. */
  readonly base?: string;
  /** The database of the edition that a delta is for; with it rows may also be changed and removed. */
  readonly baseDatabase?: string;
  /** The file is gone afterwards: an interrupted import keeps nothing of it. */
  readonly once?: boolean;
  /** Bytes of a list from which its reading is kept for another import; left out but by tests. */
  readonly keptFrom?: number;
  /** Digests of a kind that are held in memory at most; left out but by tests. */
  readonly runRecords?: number;
}

/** A delta, and the packed file of the edition that it is for. */
export interface DeltaRequest extends BuildRequest {
  readonly base: string;
}

export interface DigestsRequest extends SetTarget {
  readonly digests: Readonly<Record<DigestKind, Uint8Array>>;
  /** Where they come from, and the SHA-256 that names what they are. */
  readonly origin: { readonly name: string; readonly sha256: string };
}

export interface BuiltDigests {
  /** Size of the packed file. */
  readonly bytes: number;
  readonly md5: number;
  readonly sha1: number;
  readonly sha256: number;
}

export interface BuiltSet extends BuiltDigests {
  /** As asked for, or as the file itself says. */
  readonly edition: string;
  readonly datedAt: number | null;
  readonly records: number;
  /** Digests beyond the first of records that hold several. */
  readonly furtherDigests: number;
  readonly duplicates: number;
  readonly withoutHash: number;
  readonly rejected: number;
  readonly firstProblems: readonly SetProblem[];
}

export interface BuildHooks {
  /** While reading in bytes of the file, while sorting in digests of one kind; with how it began, if not as usual. */
  onProgress(done: number, total: number, digests: number, phase: BuildPhase, begun?: Begun | null): void;
  isCancelled(): boolean;
}

/**
 * Reads a list in any format Assay knows into a packed set file. All or nothing: nothing is at `target` unless the whole
 * list was read, its records were counted twice with the same result, and it holds a digest at all. What was read of a
 * large one before it was cancelled or its process died is not read again, and comes to the very same file.
 */
export async function buildSet(request: BuildRequest, hooks: BuildHooks): Promise<BuiltSet> {
  const work = new ListWork(request);
  try {
    let built: BuiltSet;
    try {
      built = await buildList(request, work, hooks);
    } catch (error) {
      if (!(error instanceof OtherBeginning)) {
        throw error;
      }
      work.forget();
      built = await buildList(request, work, hooks);
    }
    work.done();
    return built;
  } catch (error) {
    throw work.failed(error);
  }
}

async function buildList(request: BuildRequest, work: ListWork, hooks: BuildHooks): Promise<BuiltSet> {
  const writer = new PackedWriter(request.target);
  try {
    // In this order: only the builder finds out whether what was kept is whole.
    const { builder } = work;
    const { begun } = work;
    const tell = (done: number, total: number, phase: BuildPhase): void =>
      hooks.onProgress(done, total, builder.digests, phase, begun);
    const source = await readList(request, work, hooks, tell);
    const { records } = source.read;
    const seen = builder.digests;
    const counts = await writeSections(builder, writer, {
      isCancelled: () => hooks.isCancelled(),
      onSorted: (d, total) => tell(d, total, 'sorting'),
    });
    const { name, edition, mark, datedAt, importedAt } = request;
    const origin = { name: basename(request.source), ...source.part };
    const meta = { name, edition, mark, datedAt, importedAt, source: origin, records, counts };
    const bytes = writer.finish({ kind: 'known-set', version: KNOWN_SET_VERSION, meta });
    return {
      bytes,
      ...counts,
      edition,
      datedAt,
      records,
      furtherDigests: seen - builder.hashed,
      duplicates: seen - counts.md5 - counts.sha1 - counts.sha256,
      withoutHash: builder.withoutHash,
      rejected: builder.rejected,
      firstProblems: builder.firstProblems,
    };
  } catch (error) {
    writer.abort();
    throw error;
  }
}

async function readList(
  request: BuildRequest,
  work: ListWork,
  hooks: BuildHooks,
  tell: (done: number, total: number, phase: BuildPhase) => void,
): Promise<{ readonly read: ReadResult; readonly part: ReadPart }> {
  const { builder, from } = work;
  const known = from?.read ?? null;
  const source = new SourceFile(
    request.source,
    {
      isCancelled: () => hooks.isCancelled(),
      // What is read once more only to be compared is done already.
      onRead: (done, total) => tell(Math.max(done, known?.bytes ?? 0), total, 'reading'),
    },
    known,
  );
  const open = (recognition: Recognition): SetBuilder => {
    if (!recognition.isList) {
      throw unusable(request.source, 'it is no list of hashes');
    }
    return builder;
  };
  const read = await readRecords(source.chunks(), { name: basename(request.source) }, open, {
    from: from?.place ?? null,
    isDue: () => work.isDue,
    onPlace: (place) => work.keep(place, source.part()),
    refuse: () => new OtherBeginning(),
  });
  tell(source.bytes, source.bytes, 'reading');
  refuseIncomplete(request.source, builder, read.decoding.fault, read.records);
  return { read, part: source.part() };
}

/**
 * Makes a packed set file of digests in hand, by kind, each kind's one after the other without gaps. All or nothing, as
 * with a list.
 */
export async function buildSetOf(
  request: DigestsRequest,
  hooks: Pick<BuildHooks, 'isCancelled'>,
): Promise<BuiltDigests> {
  const { target, digests, origin, name, edition, mark, datedAt, importedAt } = request;
  const writer = new PackedWriter(target);
  const builder = new SetBuilder(workName(target));
  try {
    for (const kind of DIGEST_KINDS) {
      builder.take(kind, digests[kind]);
    }
    const counts = await writeSections(builder, writer, hooks);
    const bytesIn = DIGEST_KINDS.reduce((sum, kind) => sum + digests[kind].length, 0);
    const source = { name: origin.name, bytes: bytesIn, sha256: origin.sha256 };
    const meta = { name, edition, mark, datedAt, importedAt, source, records: builder.digests, counts };
    return { bytes: writer.finish({ kind: 'known-set', version: KNOWN_SET_VERSION, meta }), ...counts };
  } catch (error) {
    writer.abort();
    throw error;
  } finally {
    builder.discard();
  }
}

async function writeSections(
  builder: SetBuilder,
  writer: PackedWriter,
  hooks: Pick<BuildHooks, 'isCancelled'> & { readonly onSorted?: OnSorted },
): Promise<Record<DigestKind, number>> {
  const counts: Record<DigestKind, number> = { md5: 0, sha1: 0, sha256: 0 };
  for (const kind of DIGEST_KINDS) {
    counts[kind] = builder.writeSection(kind, writer, (done, total) => {
      throwIfCancelled(hooks);
      hooks.onSorted?.(done, total);
    });
    await setImmediate();
  }
  throwIfCancelled(hooks);
  return counts;
}

/** What waits on disk while a set is made is named like what a killed import leaves behind. */
function workName(target: string): string {
  return `${target}.${randomUUID()}`;
}

/** Half a set would call known files unknown: it is better to have none and say why. */
function refuseIncomplete(path: string, builder: SetBuilder, decodingFault: string | null, records: number): void {
  const damage = decodingFault ?? builder.damage;
  if (damage !== null) {
    throw unusable(path, `it is damaged: ${damage.replace(/\.$/, '')}`);
  }
  if (builder.digests === 0) {
    throw unusable(path, 'it holds no MD5, SHA-1 or SHA-256 hash');
  }
  const reported = builder.hashed + builder.withoutHash + builder.rejected;
  if (reported !== records) {
    throw unusable(path, `${reported} of its ${records} records were accounted for`);
  }
}
