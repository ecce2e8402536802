import type { ChangeRow, ChangesQuery } from '#shared/contract/history.ts';
import { sourceLabel, type SourceId } from '#shared/domain/source.ts';
import { threatText } from '#shared/domain/threat-text.ts';
import { csvCell, unrunnable } from '../../../../destinations/csv-rows.ts';
import type { Engine } from '../../../../services/engine-port.ts';
import { EXIT } from '../../exit-codes.ts';
import { changeData, changeText } from '../../output/change-text.ts';
import { count, counted, utc, utcMinute } from '../../output/numbers.ts';
import type { OutputFormat } from '../../output/records.ts';
import { tableLines, type TableColumn } from '../../output/table.ts';
import { writeTo } from '../../output/write-to.ts';
import type { Session } from '../../session.ts';

/** From when on: a moment (seconds since the epoch), or when somebody last looked. */
export type Since = { readonly kind: 'at'; readonly at: number } | { readonly kind: 'last' };

export interface ChangesOptions {
  readonly since: Since;
  readonly flips?: boolean;
  readonly source: SourceId | null;
  readonly format: OutputFormat;
  /** How many changes a table shows. The other formats write all. */
  readonly rows: number | 'all';
  readonly out?: string;
}

const NOTHING_SAID = { status: 'unknown', noAnswer: null, score: null, threat: null } as const;
/** Has the columns of a change: they are named also where nothing changed. */
const NO_CHANGE: ChangeRow = {
  id: 0,
  fileId: 0,
  source: 'virustotal',
  at: 0,
  from: 0,
  before: NOTHING_SAID,
  after: NOTHING_SAID,
  flip: null,
  digests: {},
  intakes: [],
  intakeCount: 0,
};

/** Rows laid out together: the width of a table is that of what is seen at once. */
const TABLE_ROWS = 500;

/**
 * What sources say otherwise than before, newest first. With `last` everything up to now counts as looked at afterwards, in
 * windows too.
 */
export async function showChanges(session: Session, options: ChangesOptions): Promise<number> {
  return session.withEngine(async (engine) => {
    const { history } = engine;
    const { lookedAt, upTo } = await history.unseen();
    const since = options.since.kind === 'at' ? options.since.at : (lookedAt ?? 0);
    const query: ChangesQuery = { since, flipsOnly: options.flips === true, source: options.source };
    const text =
      options.format === 'table' ? tableText(session, engine, query, options) : dataText(engine, query, options);
    await writeTo(session, options.out, text, options.format === 'table' ? 'table' : 'data');
    if (options.since.kind === 'last') {
      await history.seen(upTo);
    }
    return EXIT.done;
  });
}

async function* tableText(
  session: Session,
  { history }: Engine,
  query: ChangesQuery,
  options: ChangesOptions,
): AsyncIterable<string> {
  const { total, counts } = await history.page(query, { offset: 0, limit: 1 });
  // Nobody ever looked: 1970 says nothing to anyone.
  const from = query.since === 0 ? 'so far' : `since ${utcMinute(query.since)} UTC`;
  if (total === 0) {
    yield `Nothing changed ${from}.\n`;
    return;
  }
  const most = options.rows === 'all' ? Number.POSITIVE_INFINITY : options.rows;
  let batch: ChangeRow[] = [];
  let shown = 0;
  const lines = (): string => {
    const made = tableLines(columns(session), batch, session.out.width, session.style.faint);
    const text = `${(shown === batch.length ? made : made.slice(1)).join('\n')}\n`;
    batch = [];
    return text;
  };
  for await (const row of history.all(query)) {
    if (shown >= most) {
      break;
    }
    batch.push(row);
    shown += 1;
    if (batch.length === TABLE_ROWS) {
      yield lines();
    }
  }
  if (batch.length > 0) {
    yield lines();
  }
  const left = total - shown;
  const more = left > 0 ? ` ${counted(left, 'older change')} not shown: add --rows all.` : '';
  yield `${counted(counts.all, 'change')} ${from}: ${count(counts.raised)} turned malicious, ${count(counts.cleared)} no longer malicious.${more}\n`;
}

function columns({ style }: Session): TableColumn<ChangeRow>[] {
  return [
    { header: 'when (UTC)', cell: ({ at }) => utcMinute(at) },
    {
      header: 'change',
      cell: changeText,
      paint: ({ after, flip }, text) => (flip === null ? text : style.status(after.status, text)),
    },
    { header: 'source', cell: ({ source }) => sourceLabel(source) },
    { header: 'hash', cell: (row) => hashOf(row), cut: 'middle', least: 17 },
    { header: 'threat', cell: ({ source, after }) => threatText(source, after.threat) ?? '', least: 8 },
    { header: 'lists', align: 'right', cell: ({ intakeCount }) => (intakeCount === 0 ? '' : count(intakeCount)) },
  ];
}

function hashOf({ digests }: ChangeRow): string {
  return digests.sha256 ?? digests.sha1 ?? digests.md5 ?? '';
}

async function* dataText(
  { history, simulated }: Engine,
  query: ChangesQuery,
  options: ChangesOptions,
): AsyncIterable<string> {
  const isArray = options.format === 'json';
  let isFirst = true;
  if (isArray) {
    yield '[';
  } else if (options.format === 'csv') {
    yield csvLine(Object.keys(dataOf(NO_CHANGE, simulated)));
  }
  for await (const row of history.all(query)) {
    const data = dataOf(row, simulated);
    if (options.format === 'csv') {
      yield csvLine(Object.values(data));
    } else {
      yield isArray ? `${isFirst ? '' : ','}\n${JSON.stringify(data)}` : `${JSON.stringify(data)}\n`;
    }
    isFirst = false;
  }
  if (isArray) {
    yield '\n]\n';
  }
}

function dataOf(row: ChangeRow, simulated: boolean): Record<string, unknown> {
  const { source, at, digests, intakes, intakeCount } = row;
  return {
    ...(simulated ? { simulated } : {}),
    at: utc(at),
    source,
    hash: hashOf(row),
    md5: digests.md5 ?? null,
    sha1: digests.sha1 ?? null,
    sha256: digests.sha256 ?? null,
    ...changeData(row),
    lists: intakeCount,
    listsNamed: intakes.map(({ intakeId, title }) => ({ intake: intakeId, title })),
  };
}

function csvLine(cells: readonly unknown[]): string {
  return `${cells.map((cell) => csvCell(unrunnable(cellText(cell)))).join(',')}\n`;
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) {
    return '';
  }
  return typeof cell === 'string' ? cell : JSON.stringify(cell);
}
