import { asNote, NOTE_LENGTH } from '#shared/domain/annotation.ts';
import { parseDigest, type DigestKind, type DigestSet, type HexDigest } from '#shared/domain/hash.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { AnnotationRow } from '../../../../db/repositories/annotations/rows.ts';
import type { Engine } from '../../../../services/engine-port.ts';
import { EXIT } from '../../exit-codes.ts';
import { standardInputText } from '../../inputs.ts';
import { count, counted, utc, utcMinute } from '../../output/numbers.ts';
import { visible } from '../../output/plain-text.ts';
import { writeListing, type OutputFormat } from '../../output/records.ts';
import type { Session } from '../../session.ts';

/** What `assay note` was asked to write. */
export interface NoteOptions {
  readonly text: string | undefined;
  readonly tag: readonly string[];
  readonly untag: readonly string[];
  readonly clear: boolean;
}

/** What `assay note list` was asked to show. */
export interface NoteListOptions {
  readonly format: OutputFormat;
  readonly rows: number | 'all';
  readonly tag?: string;
  readonly tags?: boolean;
}

const MOST_TEXT = 8 * 1024 * 1024;

/** Writes on hashes in one step. `-` takes every hash found in standard input, or the note from it. */
export async function writeNotes(session: Session, hashes: readonly string[], options: NoteOptions): Promise<number> {
  const fromInput = hashes.includes('-');
  if (fromInput && (hashes.length > 1 || options.text === '-')) {
    throw new AppError('INVALID_ARGUMENT', 'Standard input is read once: for the hashes, alone, or for the text.');
  }
  const input =
    fromInput || options.text === '-' ? await standardInputText(session.host, MOST_TEXT, session.signal) : '';
  const files = fromInput ? filesIn(input) : hashes.map(fileOf);
  const note = noteOf(options, input);
  return session.withEngine(async (engine) => {
    const done = await engine.annotations.write(
      files,
      { ...(note === undefined ? {} : { note }), add: options.tag, remove: options.untag, clearTags: options.clear },
      () => undefined,
      session.signal,
    );
    if (done.full > 0) {
      session.warn(`Left without the tags, because 32 are on it already: ${counted(done.full, 'file')}.`);
    }
    if (done.changeId === null) {
      session.warn('Nothing to change.');
    } else {
      session.note(
        `${counted(done.changed, 'file')} written on, ${count(done.unchanged)} unchanged. Undo: assay note undo ${done.changeId}`,
      );
    }
    return done.cancelled ? (session.stoppedCode() ?? EXIT.done) : EXIT.done;
  });
}

/** What is written, oldest first, or the tags in use. */
export async function listNotes(session: Session, options: NoteListOptions): Promise<number> {
  return session.withEngine((engine) =>
    options.tags === true ? listTags(session, engine, options) : listWritten(session, engine, options),
  );
}

/** Takes one step back. */
export async function undoNotes(session: Session, step: number): Promise<number> {
  return session.withEngine(async (engine) => {
    const { restored, kept } = await engine.annotations.undo(step);
    if (kept > 0) {
      session.warn(`Not taken back, because somebody wrote on it since: ${counted(kept, 'file')}.`);
    }
    session.note(`${counted(restored, 'file')} taken back.`);
    return restored === 0 ? EXIT.nothing : EXIT.done;
  });
}

async function listWritten(session: Session, engine: Engine, options: NoteListOptions): Promise<number> {
  const most = options.format === 'table' && options.rows !== 'all' ? options.rows : Number.POSITIVE_INFINITY;
  const rows: AnnotationRow[] = [];
  let total = 0;
  for await (const batch of engine.annotations.all(options.tag ?? null)) {
    total += batch.length;
    rows.push(...batch.slice(0, Math.max(0, most - rows.length)));
  }
  await writeListing(session, options.format, {
    rows,
    whenEmpty: 'Nothing is written.',
    names: ['md5', 'sha1', 'sha256', 'tags', 'note', 'changedBy', 'changedAt'],
    columns: [
      { header: 'hash', cell: leading, cut: 'middle', least: 17 },
      { header: 'tags', cell: ({ tags }) => tags.join(', '), least: 8 },
      { header: 'note', cell: ({ note }) => visible(note.replaceAll('\n', ' ')), least: 8 },
      { header: 'by', cell: ({ changedBy }) => changedBy, least: 6 },
      { header: 'changed (UTC)', cell: ({ changedAt }) => utcMinute(changedAt) },
    ],
    data: ({ digests, tags, note, changedBy, changedAt }) => ({
      md5: digests.md5 ?? null,
      sha1: digests.sha1 ?? null,
      sha256: digests.sha256 ?? null,
      tags,
      note,
      changedBy,
      changedAt: utc(changedAt),
    }),
    footer: [
      total > rows.length
        ? `${counted(total - rows.length, 'more file')} of ${count(total)}: add --rows all`
        : `${counted(total, 'file')}.`,
    ],
  });
  return EXIT.done;
}

async function listTags(session: Session, engine: Engine, options: NoteListOptions): Promise<number> {
  const { tags } = await engine.annotations.tags(null);
  await writeListing(session, options.format, {
    rows: tags,
    whenEmpty: 'No tag is in use.',
    names: ['tag', 'files'],
    columns: [
      { header: 'tag', cell: ({ tag }) => tag, least: 8 },
      { header: 'files', cell: (row) => count(row.count), align: 'right' },
    ],
    data: (row) => ({ tag: row.tag, files: row.count }),
  });
  return EXIT.done;
}

function noteOf({ text, clear }: NoteOptions, input: string): string | undefined {
  if (text === undefined) {
    return clear ? '' : undefined;
  }
  const note = asNote(text === '-' ? input : text);
  if (note.length > NOTE_LENGTH) {
    throw new AppError(
      'INVALID_ARGUMENT',
      `The note has ${count(note.length)} characters; at most ${count(NOTE_LENGTH)} are kept. Nothing was written.`,
    );
  }
  return note;
}

function leading({ digests }: AnnotationRow): string {
  return digests.sha256 ?? digests.sha1 ?? digests.md5 ?? '';
}

/** Every hash that stands in a text by itself. */
function filesIn(text: string): DigestSet[] {
  const hashes = new Set(
    text
      .split(/[^0-9a-zA-Z]+/)
      .map((word) => parseDigest(word)?.hex)
      .filter((hex) => hex !== undefined),
  );
  if (hashes.size === 0) {
    throw new AppError('INVALID_ARGUMENT', 'No hash was found in standard input. Nothing was written.');
  }
  return [...hashes].map(fileOf);
}

/** `HASH`, or several digests of one file as `HASH,HASH`. */
function fileOf(text: string): DigestSet {
  const digests: { [K in DigestKind]?: HexDigest } = {};
  for (const part of text.split(',')) {
    const digest = parseDigest(part);
    if (digest === null) {
      throw new AppError(
        'INVALID_ARGUMENT',
        `"${part.slice(0, 80)}" is not a hash. An MD5, SHA-1 or SHA-256 has 32, 40 or 64 hex digits.`,
      );
    }
    if (digests[digest.kind] !== undefined) {
      throw new AppError('INVALID_ARGUMENT', `"${text}" names two digests of the same kind: they are two files.`);
    }
    digests[digest.kind] = digest.hex;
  }
  return digests;
}
