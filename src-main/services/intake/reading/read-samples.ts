import { createHash } from 'node:crypto';
import type { InputFileView } from '#shared/contract/intake.ts';
import type { MemberFault } from '../../../formats/containers/port.ts';
import type { InputSink } from '../../../intakes/intake-builder.ts';
import type { ReadInput } from './read-list.ts';
import { FoundList } from './samples/found-list.ts';
import type { HashOutcome } from './samples/hash-file.ts';
import { hashFound } from './samples/hash-found.ts';
import type { ReadingSession } from './session.ts';

/** A file that is read as a sample. */
export interface SampleFile {
  readonly name: string;
  readonly path: string;
  readonly size: number;
  /** Other ways to read it, before those every sample has. */
  readonly alternatives?: InputFileView['alternatives'];
  /** Why a document could not be looked through for hashes. */
  readonly unread?: MemberFault | null;
}

/** Columns samples bring along. */
export const SAMPLE_COLUMNS = ['path', 'size'] as const;
/** All three digests. */
export const SAMPLE_MASK = 7;
/** Their digests were read from their bytes. */
export const SAMPLE_INPUT = { computed: true, fileColumn: 'path' } as const;

/**
 * Hashes the files of a folder as one input, smallest first, and files of one size in the order of their paths. What is
 * no file or could not be read is kept with its reason. Cancelled, what was hashed is kept; a file cut off is not counted.
 */
export async function readFolder(name: string, found: FoundList, session: ReadingSession): Promise<ReadInput> {
  const sink = session.builder.startInput(SAMPLE_COLUMNS, SAMPLE_INPUT);
  const all = createHash('sha256');
  let records = 0;
  let bytes = 0;
  for (const each of found.others) {
    sink.rejectFile(each.name, each.reason, each.kind === 'no-file' ? 'without-hash' : 'rejected');
    records += 1;
  }
  session.countRecords(records);
  for await (const { index, outcome } of hashFound(found, session)) {
    records += 1;
    session.countRecords(1);
    keep(outcome, found.nameOf(index), sink);
    if (outcome.kind === 'hashed') {
      bytes += outcome.size;
      all.update(outcome.sha256);
    }
  }
  const isCut = found.isCut || records < found.count;
  const view: InputFileView = {
    ...SAMPLES,
    name,
    bytes,
    sha256: isCut ? null : all.digest('hex'),
    formatLabel: 'Files of a folder',
    why: 'the files of a folder are samples; they are listed by size, smallest first',
    records,
    fault: isCut ? folderFault(sink.counts.hashed, found) : null,
  };
  return { view, counts: sink.counts, isUnreadable: records > 0 && sink.counts.hashed + sink.counts.without === 0 };
}

/**
 * Hashes single files, each an input of its own in the order given. Cancelled, what was hashed is kept and the first file
 * that was not says how many were.
 */
export async function readSampleFiles(files: readonly SampleFile[], session: ReadingSession): Promise<ReadInput[]> {
  const found = new FoundList();
  for (const { name, path, size } of files) {
    found.add({ kind: 'file', path: Buffer.from(path), name, size });
  }
  const outcomes = new Map<number, HashOutcome>();
  for await (const { index, outcome } of hashFound(found, session)) {
    outcomes.set(index, outcome);
    session.countRecords(1);
  }
  const read: ReadInput[] = [];
  let isCutTold = false;
  for (const [index, file] of files.entries()) {
    const outcome = outcomes.get(index);
    if (outcome !== undefined) {
      read.push(readFile(file, outcome, session));
    } else if (!isCutTold) {
      isCutTold = true;
      read.push(cutFile(file, cutFault(outcomes.size, files.length), session));
    }
  }
  return read;
}

const SAMPLES = {
  format: 'samples',
  encoding: 'binary',
  digestColumns: [] as string[],
  alternatives: [] as InputFileView['alternatives'],
};

const SINGLE = {
  ...SAMPLES,
  formatLabel: 'File',
  why: 'its content is no list of hashes',
  alternatives: [{ format: 'text', label: 'Text with hashes anywhere' }],
};

function readFile(file: SampleFile, outcome: HashOutcome, session: ReadingSession): ReadInput {
  const sink = session.builder.startInput(SAMPLE_COLUMNS, SAMPLE_INPUT);
  keep(outcome, file.path, sink);
  const isHashed = outcome.kind === 'hashed';
  const view: InputFileView = {
    ...SINGLE,
    why: (file.unread ?? null) === null ? SINGLE.why : 'it could not be looked through for hashes',
    alternatives: [...(file.alternatives ?? []), ...SINGLE.alternatives],
    name: file.name,
    bytes: isHashed ? outcome.size : 0,
    sha256: isHashed ? Buffer.from(outcome.sha256).toString('hex') : null,
    records: 1,
    fault: outcome.kind === 'refused' ? `${file.name} could not be read: ${outcome.reason}.` : unreadFault(file),
  };
  return { view, counts: sink.counts, isUnreadable: !isHashed };
}

/** A document that is larger than what is looked through may hold a list; damaged ones are samples often enough. */
function unreadFault({ unread }: SampleFile): string | null {
  return unread?.why === 'limit' ? `It was hashed, but not looked through for hashes: ${unread.message}.` : null;
}

function cutFile(file: SampleFile, fault: string, session: ReadingSession): ReadInput {
  const { counts } = session.builder.startInput(SAMPLE_COLUMNS, SAMPLE_INPUT);
  const view: InputFileView = { ...SINGLE, name: file.name, bytes: 0, sha256: null, records: 0, fault };
  return { view, counts, isUnreadable: false };
}

function keep(outcome: HashOutcome, name: string, sink: InputSink): void {
  if (outcome.kind === 'hashed') {
    sink.hash(0, 0, { ...outcome, mask: SAMPLE_MASK }, [name, String(outcome.size)]);
  } else if (outcome.kind === 'refused') {
    sink.rejectFile(name, outcome.reason, 'rejected');
  }
}

function folderFault(hashed: number, found: FoundList): string {
  return found.isCut
    ? 'Reading was cancelled while the folder was looked through. None of its files was read.'
    : cutFault(hashed, found.files);
}

function cutFault(hashed: number, files: number): string {
  return `Reading was cancelled after ${hashed} of ${files} files. What was hashed is kept.`;
}
