import { createHash } from 'node:crypto';
import { statSync, type Stats } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Accounting, InputFileView, Reading } from '#shared/contract/intake.ts';
import { IntakeBuilder, type BuiltIntake } from '../../../intakes/intake-builder.ts';
import type { IntakeInput } from '../port.ts';
import { fileChunks, pipeChunks, textChunks } from './chunks.ts';
import { insideReading, type ContainerPlace } from './containers/container-task.ts';
import { readContainerFile } from './containers/container-input.ts';
import { readContainerStream } from './containers/stream-input.ts';
import type { FormatTools } from './formats.ts';
import { readList, type ReadInput } from './read-list.ts';
import type { FoundList } from './samples/found-list.ts';
import { lookAhead, type FoundFolders } from './look-ahead.ts';
import { readFolder, readSampleFiles, type SampleFile } from './read-samples.ts';
import { reasonOf } from './reason.ts';
import { ReadingSession, type SessionHooks } from './session.ts';
import { walkFolder } from './walk-folder.ts';

export interface PipelineHooks extends SessionHooks {
  /** Reading has ended, sorting and writing begin. */
  onSorting(bytesDone: number, records: number, bytesTotal: number | null): void;
}

export interface ReadIntake {
  readonly built: BuiltIntake;
  readonly state: 'ready' | 'cancelled' | 'failed';
  readonly bytes: number;
  readonly sha256: string | null;
  readonly files: number;
  readonly accounting: Accounting;
  readonly fault: string | null;
}

/**
 * Reads the inputs one after the other into one intake file at `file`. An input that cannot be read is kept as a trouble
 * and the rest goes on; when cancelled, what was read is kept. Rejects only for defects and when the file cannot be
 * written; nothing is left then. `passwords` are tried on encrypted archives and kept nowhere.
 */
export async function readIntake(
  file: string,
  inputs: readonly IntakeInput[],
  reading: Reading,
  formats: FormatTools,
  hooks: PipelineHooks,
  passwords: readonly string[] = [],
): Promise<ReadIntake> {
  const builder = new IntakeBuilder(file);
  try {
    const session = new ReadingSession(builder, hooks);
    const read = await readAll(inputs, { reading, formats, session, passwords });
    const accounting = accountingOf(read);
    hooks.onSorting(session.bytes, accounting.records, session.bytesTotal);
    const built = builder.finish(read.map((each) => keptView(each, reading)));
    const isFailed = read.length > 0 && read.every((each) => each.isUnreadable);
    return {
      built,
      state: hooks.isCancelled() ? 'cancelled' : isFailed ? 'failed' : 'ready',
      bytes: session.bytes,
      sha256: combinedDigest(read.map((each) => each.view)),
      files: read.filter(({ view }) => view.inside === undefined).length,
      accounting: { ...accounting, hashes: built.entries, duplicates: built.occurrences - built.entries },
      fault: isFailed ? faultOf(read) : damageOf(read),
    };
  } catch (error) {
    builder.abort();
    throw error;
  }
}

/** The view of an input with what became of its records, and what was asked for. */
function keptView({ view, counts }: ReadInput, reading: Reading): InputFileView {
  const { hashed, without, rejected, otherLines } = counts;
  const isAsked = reading.as !== 'auto' || reading.format !== undefined || reading.digestColumns !== undefined;
  return { ...view, counts: { hashed, without, rejected, otherLines }, ...(isAsked ? { asked: reading } : {}) };
}

/** What is needed to read any input. */
interface Place extends ContainerPlace {
  readonly folders: FoundFolders;
  /** Files that turned out to be samples: hashed together, two at a time, once the lists are read. */
  readonly samples: SampleFile[];
}

async function readAll(inputs: readonly IntakeInput[], containers: ContainerPlace): Promise<ReadInput[]> {
  const { reading, session } = containers;
  const folders = await lookAhead(inputs, reading, session);
  const place: Place = { ...containers, folders, samples: [] };
  const read: ReadInput[] = [];
  for (const input of inputs) {
    // What a folder turned out to hold before somebody cancelled is named all the same.
    if (session.isCancelled && read.length + place.samples.length > 0) {
      break;
    }
    addAll(read, await readInput(input, place));
  }
  addAll(read, await readSampleFiles(place.samples, session));
  return read;
}

/** Of any number: as arguments of one call they may be too many. */
function addAll(read: ReadInput[], more: readonly ReadInput[]): void {
  for (const one of more) {
    read.push(one);
  }
}

async function readInput(input: IntakeInput, place: Place): Promise<ReadInput[]> {
  const { reading, formats, session } = place;
  if (input.kind === 'path') {
    return readPath(resolve(input.path), place.folders.get(input.path), place);
  }
  if (input.kind === 'stream') {
    return readStream(input.name, input.name, input.chunks, place);
  }
  const options = { reading: insideReading(reading), mayBeSample: false, formats };
  const read = await readAsList(input.name, textChunks(input.text), options, session);
  return read === null ? [] : [read];
}

/** An archive or a list; nothing that comes without a file is a sample. */
async function readStream(
  name: string,
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  place: Place,
): Promise<ReadInput[]> {
  const { reading, formats, session } = place;
  const result = await readContainerStream(name, chunks, place);
  if (result.kind === 'read') {
    return [...result.inputs];
  }
  if (result.kind === 'too-large') {
    return [unreadable(name, path, result.reason, session)];
  }
  const options = { reading: insideReading(reading), mayBeSample: false, formats };
  const read = await readAsList(name, result.chunks, options, session, path);
  return read === null ? [] : [read];
}

async function readPath(path: string, folder: FoundList | undefined, place: Place): Promise<ReadInput[]> {
  const { reading, formats, session } = place;
  const name = basename(path) || path;
  let stats: Stats;
  try {
    stats = statSync(path);
  } catch (error) {
    return [unreadable(name, path, reasonOf(error), session)];
  }
  if (stats.isDirectory()) {
    if (reading.as === 'list') {
      return readListsOf(path, insideReading(reading), formats, session);
    }
    return folder === undefined
      ? [unreadable(name, path, 'it became a folder only while other inputs were read', session)]
      : [await readFolder(name, folder, session)];
  }
  const sample: SampleFile = { name, path, size: stats.size };
  if (stats.isFile() && reading.as === 'sample') {
    place.samples.push(sample);
    return [];
  }
  if (stats.isFile()) {
    return readFileAt(sample, place);
  }
  if (stats.isFIFO() || stats.isCharacterDevice()) {
    return readStream(name, path, pipeChunks(path, session), place);
  }
  return [unreadable(name, path, 'it is no file that can be read', session)];
}

/** A regular file: a container that is opened, a list, or a sample that is hashed with the others later. */
async function readFileAt(sample: SampleFile, place: Place): Promise<ReadInput[]> {
  const { formats, session } = place;
  const { name, path } = sample;
  const container = await readContainerFile(name, path, place);
  if (container.kind === 'read') {
    return [...container.inputs];
  }
  const reading = insideReading(place.reading);
  const { alternatives, unread } = container.kind === 'sample' ? container : { alternatives: [], unread: null };
  const isDocument = container.kind === 'sample' && reading.as === 'auto' && reading.format === undefined;
  const options = { reading, mayBeSample: reading.as === 'auto', formats };
  const result = isDocument ? null : await readAsList(name, fileChunks(path), options, session, path);
  if (result === null) {
    place.samples.push({ ...sample, alternatives, unread });
  }
  return result === null ? [] : [result];
}

/** Every file of a folder as a list of its own. */
async function readListsOf(
  folder: string,
  reading: Reading,
  formats: FormatTools,
  session: ReadingSession,
): Promise<ReadInput[]> {
  const read: ReadInput[] = [];
  for (const found of walkFolder(folder)) {
    if (session.isCancelled) {
      break;
    }
    if (found.kind === 'file') {
      const options = { reading, mayBeSample: false, formats };
      const one = await readAsList(found.name, fileChunks(found.path), options, session);
      addAll(read, one === null ? [] : [one]);
    } else {
      read.push(unreadable(found.name, found.name, found.reason, session));
    }
  }
  return read;
}

/** Null when it is no list and may be a sample. */
async function readAsList(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  options: Parameters<typeof readList>[2],
  session: ReadingSession,
  path: string = name,
): Promise<ReadInput | null> {
  const result = await readList(name, chunks, options, session).catch((error: unknown) => {
    // Expected: the system's errors carry a code, and so does a format or column that was asked for and is not there.
    if (typeof (error as NodeJS.ErrnoException).code !== 'string') {
      throw error;
    }
    return { kind: 'read', input: unreadable(name, path, reasonOf(error), session) } as const;
  });
  return result.kind === 'read' ? result.input : null;
}

/** An input of which nothing could be read: one rejected record that says why. */
function unreadable(name: string, path: string, reason: string, session: ReadingSession): ReadInput {
  const sink = session.builder.startInput([]);
  sink.rejectFile(path, reason, 'rejected');
  session.countRecords(1);
  const view: InputFileView = {
    name,
    bytes: 0,
    sha256: null,
    format: 'unreadable',
    formatLabel: 'Not readable',
    why: reason,
    encoding: '',
    digestColumns: [],
    alternatives: [],
    records: 1,
    fault: `${path} could not be read: ${reason.replace(/\.$/, '')}.`,
  };
  return { view, counts: sink.counts, isUnreadable: true };
}

function faultOf(read: readonly ReadInput[]): string {
  const first = read[0]?.view.fault ?? 'Nothing could be read.';
  return read.length === 1 ? first : `None of ${read.length} inputs could be read. ${first}`;
}

/** The first input that is damaged or could not be read, though others or its beginning could; null when none is. */
function damageOf(read: readonly ReadInput[]): string | null {
  const damaged = read.filter((each) => each.view.fault !== null);
  const [first] = damaged;
  if (first === undefined) {
    return null;
  }
  const place = read.length === 1 || first.isUnreadable ? '' : `${first.view.name}: `;
  const more =
    damaged.length === 1
      ? ''
      : ` ${damaged.length - 1} more of ${read.length} inputs ${damaged.length === 2 ? 'has' : 'have'} a fault.`;
  return `${place}${first.view.fault}${more}`;
}

/** Sums of all inputs; `hashes` are the records with a hash until duplicates are known. */
function accountingOf(read: readonly ReadInput[]): Accounting {
  const sum = (of: (input: ReadInput) => number): number => read.reduce((total, input) => total + of(input), 0);
  const notDigests: Record<string, number> = {};
  for (const { counts } of read) {
    for (const [name, count] of Object.entries(counts.notDigests)) {
      notDigests[name] = (notDigests[name] ?? 0) + count;
    }
  }
  return {
    records: sum((input) => input.view.records),
    hashes: sum((input) => input.counts.hashed),
    duplicates: 0,
    withoutHash: sum((input) => input.counts.without),
    rejected: sum((input) => input.counts.rejected),
    otherLines: sum((input) => input.counts.otherLines),
    notDigests,
    balanced: read.every(({ view, counts }) => view.records === counts.hashed + counts.without + counts.rejected),
  };
}

/** The input's own SHA-256, or one over those of all inputs in order; null when any is not known. */
function combinedDigest(views: readonly InputFileView[]): string | null {
  // What lay in an archive is covered by the archive's own.
  const digests = views.filter(({ inside }) => inside === undefined).map((view) => view.sha256);
  if (digests.length === 0 || digests.includes(null)) {
    return null;
  }
  if (digests.length === 1) {
    return digests[0] ?? null;
  }
  const hash = createHash('sha256');
  for (const digest of digests) {
    hash.update(Buffer.from(digest ?? '', 'hex'));
  }
  return hash.digest('hex');
}
