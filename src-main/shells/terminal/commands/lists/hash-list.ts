import { basename } from 'node:path';
import type { ListChange, ListEntry, ListProblem, ListQuery } from '#shared/contract/hash-list.ts';
import { parseDigest, type DigestKind } from '#shared/domain/hash.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { EXIT } from '../../exit-codes.ts';
import { fileBytes, readableFile, standardInput, standardInputText } from '../../inputs.ts';
import { count, counted, utc, utcMinute } from '../../output/numbers.ts';
import { writeListing, type OutputFormat } from '../../output/records.ts';
import { STATUS_SHAPE } from '../../output/style.ts';
import { writeTo } from '../../output/write-to.ts';
import type { Session } from '../../session.ts';

export interface AddOptions {
  readonly side: 'malicious' | 'non-malicious';
  readonly note: string;
  readonly reason: string;
  /** Seconds since the epoch. */
  readonly expires: number | null;
}

const MOST_TEXT = 8 * 1024 * 1024;
/** Entries asked for at a time. Each page of a long list is ordered anew, so there are to be few. */
const PAGE = 20_000;

/** Adds hashes, all or none. `-` takes every hash found in standard input. */
export async function addToList(session: Session, hashes: readonly string[], options: AddOptions): Promise<number> {
  const rest = { side: options.side, note: options.note, reason: options.reason, expiresAt: options.expires };
  const fromInput = hashes.includes('-');
  if (fromInput && hashes.length > 1) {
    throw new AppError('INVALID_ARGUMENT', 'Name hashes or -, not both.');
  }
  return session.withEngine(async (engine) => {
    const change = fromInput
      ? await engine.hashList.addText({
          ...rest,
          text: await standardInputText(session.host, MOST_TEXT, session.signal),
        })
      : await engine.hashList.add({ ...rest, groups: hashes.map((text) => digestsOf(text)) });
    return reportChange(session, change);
  });
}

/** Removes the entries that hold one of the hashes. Hashes that are on no entry are named. */
export async function removeFromList(session: Session, hashes: readonly string[]): Promise<number> {
  const named = hashes.includes('-')
    ? (await standardInputText(session.host, MOST_TEXT, session.signal)).split(/[\s,;]+/).filter((text) => text !== '')
    : hashes;
  const wanted = named.map((text) => digestOf(text));
  return session.withEngine(async (engine) => {
    const { change, notListed } = await engine.hashList.removeHashes(wanted.map((digest) => digest.hex));
    for (const hash of notListed) {
      session.warn(`${hash} is not on the list.`);
    }
    reportChange(session, change);
    return change.removed === 0 ? EXIT.nothing : EXIT.done;
  });
}

export interface ListOptions {
  readonly format: OutputFormat;
  readonly rows: number | 'all';
  readonly malicious?: boolean;
  readonly nonMalicious?: boolean;
  readonly expiring?: boolean;
  readonly search?: string;
}

/** Entries, newest first. */
export async function showList(session: Session, options: ListOptions): Promise<number> {
  const query: ListQuery = {
    side: sideOf(options),
    expiring: options.expiring === true,
    text: options.search ?? '',
    sort: 'addedAt',
    descending: true,
  };
  return session.withEngine(async (engine) => {
    const most = options.format === 'table' && options.rows !== 'all' ? options.rows : Number.POSITIVE_INFINITY;
    const rows: ListEntry[] = [];
    let total = 0;
    for (;;) {
      const limit = Math.min(PAGE, most - rows.length);
      const page = await engine.hashList.page(query, { offset: rows.length, limit: Math.max(1, limit) });
      total = page.total;
      rows.push(...page.rows.slice(0, Math.max(0, limit)));
      if (rows.length >= Math.min(total, most) || page.rows.length === 0) {
        break;
      }
    }
    const left = total - rows.length;
    await writeListing(session, options.format, {
      rows,
      whenEmpty: 'No entries.',
      columns: [
        {
          header: 'list',
          cell: (entry) => `${STATUS_SHAPE[entry.side]} ${entry.side}`,
          paint: (entry, text) => session.style.status(entry.side, text),
        },
        { header: 'hash', cell: (entry) => digestText(entry), cut: 'middle', least: 17 },
        { header: 'note', cell: (entry) => entry.note, least: 8 },
        { header: 'added by', cell: (entry) => entry.addedBy, least: 6 },
        { header: 'added (UTC)', cell: (entry) => utcMinute(entry.addedAt) },
        {
          header: 'expires (UTC)',
          cell: (entry) => `${utcMinute(entry.expiresAt)}${entry.expired ? ' expired' : ''}`,
        },
      ],
      data: (entry) => ({
        md5: entry.digests.md5 ?? null,
        sha1: entry.digests.sha1 ?? null,
        sha256: entry.digests.sha256 ?? null,
        list: entry.side,
        notes: entry.note,
        reason: entry.reason,
        addedBy: entry.addedBy,
        addedAt: utc(entry.addedAt),
        expiresAt: utc(entry.expiresAt),
        expired: entry.expired,
      }),
      footer: [
        left > 0
          ? `${counted(left, 'more entry', 'more entries')} of ${count(total)}: add --rows all`
          : `${counted(total, 'entry', 'entries')}.`,
      ],
    });
    return EXIT.done;
  });
}

export interface ImportOptions {
  readonly mode: 'append' | 'replace';
  readonly settle: 'refuse' | 'keep-mine' | 'take-file';
  readonly skipMalformed: boolean;
  readonly dryRun: boolean;
}

const PROBLEMS_NAMED = 20;

/** Imports a CSV, all or nothing; with open problems nothing is written and they are named. */
export async function importList(session: Session, file: string, options: ImportOptions): Promise<number> {
  const path = file === '-' ? null : await readableFile(session.host, file);
  return session.withEngine(async (engine) => {
    const input =
      path === null
        ? { name: 'standard input', chunks: standardInput(session.host, session.signal) }
        : { name: basename(path), chunks: fileBytes(path, session.signal) };
    const preview = await engine.hashList.preview(input, options);
    // What was cut short is not the list: it must not replace one.
    session.signal.throwIfAborted();
    for (const problem of preview.problems.slice(0, PROBLEMS_NAMED)) {
      session.warn(problemLine(preview.name, problem));
    }
    const unnamed = preview.problemCount - Math.min(preview.problems.length, PROBLEMS_NAMED);
    if (unnamed > 0) {
      session.warn(`${counted(unnamed, 'more problem')}.`);
    }
    const plan = `${counted(preview.lines, 'line')}: ${count(preview.added)} to add, ${count(preview.updated)} to update, ${count(preview.removed)} to remove, ${count(preview.unchanged)} unchanged, ${counted(preview.problemCount, 'problem')}.`;
    if (options.dryRun) {
      await session.out.write(`${plan}\n`);
      return EXIT.done;
    }
    const change = await engine.hashList.import(preview.token).catch((error: unknown) => {
      session.warn(plan);
      throw error;
    });
    return reportChange(session, change);
  });
}

/** The whole list as CSV that `import` reads back. */
export async function exportList(session: Session, out: string | undefined): Promise<number> {
  return session.withEngine(async (engine) => {
    await writeTo(session, out, engine.hashList.exportCsv());
    return EXIT.done;
  });
}

/** Takes one change back. */
export async function undoListChange(session: Session, change: number): Promise<number> {
  return session.withEngine(async (engine) => reportChange(session, await engine.hashList.undo(change)));
}

/** Says what a change of the list came to; returns the exit code. */
export function reportChange(session: Session, change: ListChange): number {
  for (const problem of change.problems.slice(0, PROBLEMS_NAMED)) {
    session.warn(problemLine('list', problem));
  }
  if (change.problems.length > PROBLEMS_NAMED) {
    session.warn(`${counted(change.problems.length - PROBLEMS_NAMED, 'more problem')}.`);
  }
  if (change.changeId === null) {
    const blocked = change.problems.length > 0;
    session.warn(blocked ? 'Nothing was written: the whole change is refused.' : 'Nothing to change.');
    return blocked ? EXIT.nothing : EXIT.done;
  }
  session.note(
    `${count(change.added)} added, ${count(change.updated)} updated, ${count(change.removed)} removed, ${count(change.unchanged)} unchanged. Undo: assay hash-list undo ${change.changeId}`,
  );
  return EXIT.done;
}

/** The sentence names the line itself; here it gets the file it lies in. */
function problemLine(name: string, problem: ListProblem): string {
  return problem.line === null ? problem.message : `${name}: ${problem.message}`;
}

function sideOf(options: ListOptions): ListQuery['side'] {
  if (options.malicious === true) {
    return 'malicious';
  }
  return options.nonMalicious === true ? 'non-malicious' : null;
}

function digestText(entry: ListEntry): string {
  return entry.digests.sha256 ?? entry.digests.sha1 ?? entry.digests.md5 ?? '';
}

function digestOf(text: string): { readonly kind: DigestKind; readonly hex: string } {
  const digest = parseDigest(text);
  if (digest === null) {
    throw new AppError(
      'INVALID_ARGUMENT',
      `"${text}" is not a hash. An MD5, SHA-1 or SHA-256 has 32, 40 or 64 hex digits.`,
    );
  }
  return digest;
}

/** `HASH`, or several digests of one file as `HASH,HASH`. */
function digestsOf(text: string): Partial<Record<DigestKind, string>> {
  const digests: Partial<Record<DigestKind, string>> = {};
  for (const part of text.split(',')) {
    const { kind, hex } = digestOf(part);
    if (digests[kind] !== undefined) {
      throw new AppError('INVALID_ARGUMENT', `"${text}" names two digests of the same kind: they are two files.`);
    }
    digests[kind] = hex;
  }
  return digests;
}
