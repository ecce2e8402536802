import type { LeftWork } from '#shared/contract/known-sets.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { EXIT } from '../../exit-codes.ts';
import { bytes, utc, utcMinute } from '../../output/numbers.ts';
import { visible } from '../../output/plain-text.ts';
import { writeListing, type OutputFormat } from '../../output/records.ts';
import type { Session } from '../../session.ts';

const STATES: Readonly<Record<LeftWork['state'], string>> = {
  running: 'running',
  kept: 'kept',
  lost: 'cannot be continued',
};

/** What imports of known sets that did not end have kept, the latest first. */
export async function listLeft(session: Session, format: OutputFormat): Promise<number> {
  return session.withEngine(async (engine) => {
    const rows = await engine.knownSets.leftWork();
    await writeListing(session, format, {
      rows,
      whenEmpty: 'No unfinished imports.',
      footer: rows.flatMap(placeOf),
      columns: [
        { header: 'id', cell: (work) => work.id },
        { header: 'file', cell: nameOf, least: 10 },
        { header: 'read', align: 'right', cell: readOf },
        { header: 'on disk', align: 'right', cell: (work) => bytes(work.size) },
        { header: 'last kept', cell: (work) => utcMinute(work.keptAt) },
        { header: 'kept until', cell: untilOf },
        { header: 'state', cell: (work) => STATES[work.state] },
      ],
      data: (work) => ({
        id: work.id,
        file: work.file,
        path: work.asked?.path ?? null,
        base: work.asked?.base ?? null,
        bytesRead: work.read?.bytes ?? null,
        bytesTotal: work.read?.of ?? null,
        bytesOnDisk: work.size,
        keptAt: utc(work.keptAt),
        keptUntil: work.state === 'running' ? null : utc(work.keptUntil),
        state: work.state,
      }),
    });
    if (rows.some(({ state }) => state === 'kept')) {
      session.note('To continue one, import the same file again: assay known-sets import FILE, with its options.');
    }
    if (rows.some(({ state }) => state !== 'running')) {
      session.note('To discard one: assay known-sets left --discard ID');
    }
    return EXIT.done;
  });
}

/** Discards what one import kept, named by the beginning of its id. */
export async function discardLeft(session: Session, wanted: string): Promise<number> {
  return session.withEngine(async (engine) => {
    const found = (await engine.knownSets.leftWork()).filter(({ id }) => wanted !== '' && id.startsWith(wanted));
    const [work] = found;
    if (work === undefined) {
      throw new AppError('NOT_FOUND', `There is no unfinished import "${wanted}". "assay known-sets left" names them.`);
    }
    if (found.length > 1) {
      throw new AppError('INVALID_ARGUMENT', `The ids of ${found.length} unfinished imports begin with "${wanted}".`);
    }
    await engine.knownSets.discardWork(work.id);
    session.note(`What was kept of ${nameOf(work)} is removed (${bytes(work.size)}).`);
    return EXIT.done;
  });
}

function nameOf({ file }: LeftWork): string {
  return file ?? 'unknown file';
}

/** Where its file was, whole, so that it can be named again. */
function placeOf({ id, asked }: LeftWork): readonly string[] {
  if (asked === null) {
    return [];
  }
  const base = asked.base === null ? '' : `, with --base ${asked.base}`;
  return [visible(`${id} is of ${asked.path}${base}, as ${asked.name}`)];
}

function readOf({ read }: LeftWork): string {
  return read === null ? 'unknown' : `${bytes(read.bytes)} of ${bytes(read.of)}`;
}

/** Nothing is removed while a process works on it. */
function untilOf({ state, keptUntil }: LeftWork): string {
  return state === 'running' ? '' : utcMinute(keptUntil);
}
