import type { DecisionEffect, Disagreement } from '#shared/contract/review.ts';
import type { Counts } from '#shared/contract/common.ts';
import { sourceLabel } from '#shared/domain/source.ts';
import { STATUSES } from '#shared/domain/status.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Engine } from '../../../../services/engine-port.ts';
import { reportChange } from '../lists/hash-list.ts';
import { confirm } from '../../confirm.ts';
import { EXIT } from '../../exit-codes.ts';
import { count, counted, utc, utcMinute } from '../../output/numbers.ts';
import { writeListing, type OutputFormat } from '../../output/records.ts';
import { STATUS_SHAPE } from '../../output/style.ts';
import { visible } from '../../output/plain-text.ts';
import { tableLines, type TableColumn } from '../../output/table.ts';
import type { Session } from '../../session.ts';

export interface ReviewOptions {
  readonly format: OutputFormat;
  readonly rows: number | 'all';
}

export interface DecideOptions {
  readonly side: 'malicious' | 'non-malicious';
  readonly reason: string;
  readonly note?: string;
  /** Seconds since the epoch. */
  readonly expires: number | null;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

const PAGE = 200;
const NAMES = ['hash', 'md5', 'sha1', 'sha256', 'since', 'verdict', 'says', 'lists'];
const INTAKES_NAMED = 20;

/** Undecided disagreements, newest first. */
export async function listReviews(session: Session, options: ReviewOptions): Promise<number> {
  return session.withEngine(async (engine) => {
    await engine.review.settle(session.signal);
    const most = options.format === 'table' && options.rows !== 'all' ? options.rows : Number.POSITIVE_INFINITY;
    const { rows, total, atLeast } = await firstRows(engine, most);
    const left = total - rows.length;
    const all = `${atLeast ? 'at least ' : ''}${counted(total, 'file')}`;
    await writeListing(session, options.format, {
      rows,
      whenEmpty: 'No disagreement waits for a decision.',
      columns: columns(session),
      data: (row) => dataOf(row, engine.simulated),
      names: [...(engine.simulated ? ['simulated'] : []), ...NAMES],
      footer: [
        left > 0
          ? `${count(left)} more of ${all}: add --rows all`
          : `${all}. Decide: assay review decide HASH --malicious or --known-good, --reason TEXT`,
      ],
    });
    return EXIT.done;
  });
}

/** Shows what deciding would do and, when that is agreed to, decides. */
export async function decideReviews(
  session: Session,
  hashes: readonly string[],
  options: DecideOptions,
): Promise<number> {
  return session.withEngine(async ({ review }) => {
    const found: Disagreement[] = [];
    for (const hash of hashes) {
      found.push(...(await review.find(hash)));
    }
    const fileIds = [...new Set(found.map(({ fileId }) => fileId))];
    const effect = await review.preview({ fileIds, side: options.side }, session.signal);
    await session.out.write(effectText(session, effect, options));
    if (effect.problems.length > 0) {
      return EXIT.nothing;
    }
    if (options.dryRun === true) {
      return EXIT.done;
    }
    if (!(await isAgreed(session, options))) {
      session.warn('Nothing was decided.');
      return EXIT.nothing;
    }
    const { side, reason, note = '', expires } = options;
    return reportChange(session, await review.decide({ fileIds, side, reason, note, expiresAt: expires }));
  });
}

async function firstRows(
  { review }: Engine,
  most: number,
): Promise<{ readonly rows: Disagreement[]; readonly total: number; readonly atLeast: boolean }> {
  const rows: Disagreement[] = [];
  for (;;) {
    const limit = Math.min(PAGE, most - rows.length);
    const page = await review.page({ offset: rows.length, limit });
    rows.push(...page.rows);
    if (page.rows.length < limit || rows.length >= most) {
      return { rows, total: page.total, atLeast: page.atLeast };
    }
  }
}

async function isAgreed(session: Session, options: DecideOptions): Promise<boolean> {
  if (options.yes === true) {
    return true;
  }
  if (session.host.stdin.isTTY !== true) {
    throw new AppError('INVALID_ARGUMENT', 'Nothing was decided: without a terminal to ask on, add --yes.');
  }
  return confirm(session.host, 'Decide so?', session.signal);
}

function columns({ style }: Session): TableColumn<Disagreement>[] {
  return [
    { header: 'since (UTC)', cell: ({ since }) => utcMinute(since) },
    {
      header: 'verdict',
      cell: ({ verdict }) => `${STATUS_SHAPE[verdict.status]} ${verdict.status}`,
      paint: ({ verdict }, text) => style.status(verdict.status, text),
    },
    { header: 'hash', cell: (row) => hashOf(row), cut: 'middle', least: 17 },
    { header: 'who says what', cell: (row) => saysText(row), least: 20 },
    { header: 'lists', align: 'right', cell: ({ intakeCount }) => (intakeCount === 0 ? '' : count(intakeCount)) },
  ];
}

function saysText({ says }: Disagreement): string {
  return says
    .map(({ source, status, score }) => `${sourceLabel(source)} ${status}${score === '' ? '' : ` (${score})`}`)
    .join(', ');
}

function dataOf(row: Disagreement, simulated: boolean): Record<string, unknown> {
  return {
    ...(simulated ? { simulated } : {}),
    hash: hashOf(row),
    md5: row.digests.md5 ?? null,
    sha1: row.digests.sha1 ?? null,
    sha256: row.digests.sha256 ?? null,
    since: utc(row.since),
    verdict: row.verdict.status,
    says: row.says,
    lists: row.intakeCount,
  };
}

function hashOf({ digests }: Disagreement): string {
  return digests.sha256 ?? digests.sha1 ?? digests.md5 ?? '';
}

/** What deciding would do, for reading. */
function effectText(session: Session, effect: DecisionEffect, { side }: DecideOptions): string {
  if (effect.problems.length > 0) {
    return `${effect.problems.map(({ message }) => message).join('\n')}\nNothing can be decided while that stands.\n`;
  }
  const word = side === 'malicious' ? 'malicious' : 'known good';
  const moved = effect.intakes.reduce((sum, one) => sum + one.moved, 0);
  const rows = effect.intakes.reduce((sum, one) => sum + one.rows, 0);
  const head = `${counted(effect.files, 'file')} as ${word}: ${counted(rows, 'row')} in ${counted(effect.intakes.length, 'list')} would be judged by it, ${count(moved)} with another status.`;
  const named = effect.intakes.slice(0, INTAKES_NAMED);
  const table = named.length === 0 ? [] : tableLines(EFFECT_COLUMNS, named, session.out.width, session.style.faint);
  const unnamed = effect.intakes.length - named.length;
  const asked = `${counted(effect.queued, 'waiting question')} would leave the queue, ${counted(effect.rescans, 'answer')} would no longer be asked for again.`;
  return `${[head, ...table, ...(unnamed > 0 ? [`${counted(unnamed, 'more list')}.`] : []), asked].join('\n')}\n`;
}

const EFFECT_COLUMNS: readonly TableColumn<DecisionEffect['intakes'][number]>[] = [
  { header: 'list', align: 'right', cell: ({ intakeId }) => String(intakeId) },
  { header: 'title', cell: ({ title }) => visible(title), least: 12 },
  { header: 'rows', align: 'right', cell: ({ rows }) => count(rows) },
  { header: 'before', cell: ({ before }) => countsText(before) },
  { header: 'after', cell: ({ after }) => countsText(after) },
];

function countsText(counts: Counts): string {
  const some = STATUSES.flatMap((status) => (counts[status] === 0 ? [] : [`${count(counts[status])} ${status}`]));
  return some.join(', ');
}
