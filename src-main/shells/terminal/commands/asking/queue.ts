import type { OutboundState, QueueGroupView, QueuePart, RequestView } from '#shared/contract/outbound.ts';
import { sourceLabel, type SourceId } from '#shared/domain/source.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { OutboundService } from '../../../../services/outbound/port.ts';
import { EXIT } from '../../exit-codes.ts';
import { count, counted, utcMinute } from '../../output/numbers.ts';
import { tableLines, type TableColumn } from '../../output/table.ts';
import { visible, visibleLines } from '../../output/plain-text.ts';
import type { Session } from '../../session.ts';
import type { PartOptions } from './queue-options.ts';
import { ownerSentence } from './run.ts';

const PAGE = 500;

/** Who asks sources, what waits, and what for. */
export async function showQueue(session: Session, asJson: boolean): Promise<number> {
  return session.withEngine(async ({ outbound }) => {
    await writeState(session, await outbound.state(), asJson);
    return EXIT.done;
  });
}

/** Holds a part back, or lets it go on, and shows the queue as it is then. */
export async function holdQueue(session: Session, what: 'pause' | 'resume', options: PartOptions): Promise<number> {
  return session.withEngine(async ({ outbound }) => {
    const state = await outbound[what](partOf(options));
    session.note(`${what === 'pause' ? 'Paused' : 'Resumed'}: ${partName(options)}.`);
    await writeState(session, state, false);
    return EXIT.done;
  });
}

/** Takes a part out of the queue. All of it has to be named. */
export async function cancelQueue(
  session: Session,
  options: PartOptions & { readonly all?: boolean },
): Promise<number> {
  const isAll = options.source === undefined && options.intake === undefined;
  if (isAll !== (options.all === true)) {
    throw new AppError(
      'INVALID_ARGUMENT',
      'Name what to cancel with --source or --intake, or everything that waits with --all.',
    );
  }
  return session.withEngine(async ({ outbound }) => {
    const removed = await outbound.cancel(partOf(options));
    session.note(`${counted(removed, 'hash was', 'hashes were')} taken out of the queue, unasked.`);
    return EXIT.done;
  });
}

/** The record of what left this machine. */
export async function showLog(
  session: Session,
  options: { readonly source?: SourceId; readonly limit: number; readonly json?: boolean },
): Promise<number> {
  return session.withEngine(async ({ outbound, simulated }) => {
    const { rows, total } = await newest(outbound, options.source, options.limit);
    if (options.json === true) {
      for (const row of rows) {
        const hashes = await outbound.requestHashes(row.id);
        const mark = simulated ? { simulated } : {};
        const line = { ...row, at: new Date(row.at).toISOString(), asked: hashes, ...mark };
        await session.out.write(`${JSON.stringify(line)}\n`);
      }
      return EXIT.done;
    }
    if (rows.length === 0) {
      session.note('Nothing was sent yet.');
      return EXIT.done;
    }
    const lines = tableLines(LOG_COLUMNS, rows, session.out.width, session.style.faint);
    const left = total - rows.length;
    const footer = left > 0 ? [`${counted(left, 'older request')}: add --limit ${Math.min(total, 100_000)}`] : [];
    await session.out.write(`${[...lines, ...footer].join('\n')}\n`);
    return EXIT.done;
  });
}

async function newest(
  outbound: OutboundService,
  source: SourceId | undefined,
  limit: number,
): Promise<{ readonly rows: RequestView[]; readonly total: number }> {
  const rows: RequestView[] = [];
  for (;;) {
    const page = await outbound.requests({ source, offset: rows.length, limit: Math.min(PAGE, limit - rows.length) });
    rows.push(...page.rows);
    if (rows.length >= limit || page.rows.length === 0) {
      return { rows, total: page.total };
    }
  }
}

async function writeState(session: Session, state: OutboundState, asJson: boolean): Promise<void> {
  const { out, style } = session;
  if (asJson) {
    const text = `${JSON.stringify(state, null, 2)}\n`;
    await out.write(out.isTerminal ? visibleLines(text) : text);
    return;
  }
  const avoided = state.avoidedToday.total;
  const groups = state.groups.filter(({ waiting, onTheWay }) => waiting + onTheWay > 0);
  const table = groups.length === 0 ? [] : tableLines(GROUP_COLUMNS, groups, out.width, style.faint);
  await out.write(
    `${[
      ownerSentence(state),
      state.sentence,
      `Today ${counted(avoided, 'call was', 'calls were')} not needed.`,
      ...(table.length > 0 ? ['', ...table] : []),
    ].join('\n')}\n`,
  );
}

const GROUP_COLUMNS: readonly TableColumn<QueueGroupView>[] = [
  { header: 'source', cell: (group) => sourceLabel(group.source) },
  { header: 'for', cell: (group) => group.purpose },
  { header: 'title', cell: (group) => visible(group.title), least: 12 },
  { header: 'waiting', align: 'right', cell: (group) => count(group.waiting) },
  { header: 'done', align: 'right', cell: (group) => count(group.done) },
  { header: 'not needed', align: 'right', cell: (group) => count(group.dropped) },
  { header: 'waits for', cell: (group) => group.waitingFor },
  { header: 'ends (UTC)', cell: (group) => utcMinute(group.endsAt === null ? null : Math.ceil(group.endsAt / 1000)) },
];

const LOG_COLUMNS: readonly TableColumn<RequestView>[] = [
  { header: 'id', align: 'right', cell: (row) => String(row.id) },
  { header: 'when (UTC)', cell: (row) => new Date(row.at).toISOString().slice(0, 19).replace('T', ' ') },
  { header: 'source', cell: (row) => sourceLabel(row.source) },
  { header: 'for', cell: (row) => (row.single ? `${row.purpose}, single call` : row.purpose) },
  { header: 'hashes', align: 'right', cell: (row) => count(row.hashes) },
  { header: 'outcome', cell: (row) => row.outcome ?? 'on its way' },
  { header: 'HTTP', align: 'right', cell: (row) => (row.httpStatus === null ? '' : String(row.httpStatus)) },
  { header: 'ms', align: 'right', cell: (row) => (row.elapsedMs === null ? '' : count(row.elapsedMs)) },
  { header: 'billed', align: 'right', cell: (row) => count(row.billed) },
  { header: 'message', cell: (row) => visible(row.message), least: 12 },
];

function partOf({ source, intake }: PartOptions): QueuePart {
  return {
    ...(source === undefined ? {} : { source }),
    ...(intake === undefined ? {} : { intakeId: intake }),
  };
}

function partName({ source, intake }: PartOptions): string {
  const names = [
    ...(source === undefined ? [] : [sourceLabel(source)]),
    ...(intake === undefined ? [] : [`intake ${intake}`]),
  ];
  return names.length === 0 ? 'everything' : names.join(', ');
}
