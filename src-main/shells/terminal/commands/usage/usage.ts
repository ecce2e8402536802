import { PANELS, PANEL_IDS, panelOf, type PanelId, type Split } from '#shared/domain/usage/panels.ts';
import type { LastRange } from '#shared/domain/usage/last-range.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { EXPOSED, prometheusText } from '../../../../destinations/usage/prometheus.ts';
import { programName } from '../../../../platform/program.ts';
import type { Engine } from '../../../../services/engine-port.ts';
import { boardText } from '../../../../services/usage/export.ts';
import { EXIT } from '../../exit-codes.ts';
import type { OutputFormat } from '../../output/records.ts';
import { listingText } from '../../output/records.ts';
import { writeTo } from '../../output/write-to.ts';
import type { Session } from '../../session.ts';
import { forecastListing, savedListing } from './usage-listings.ts';
import { panelLines, type ShownPanel } from './usage-table.ts';

export interface UsageOptions {
  /** Seconds since the epoch, `to` not in it, and how many intervals a table is told by: as many as in the window. */
  readonly range: LastRange;
  /** All when it is left out. */
  readonly panel?: readonly PanelId[];
  readonly split?: Split;
  /** Seconds. */
  readonly step?: number;
  readonly compare?: boolean;
  readonly forecast?: boolean;
  readonly saved?: boolean;
  readonly prometheus?: boolean;
  readonly format: OutputFormat;
  readonly out?: string;
}

/** About how many intervals data holds, where no length was asked for. */
const DATA_POINTS = 120;

/** The reputation board on the terminal: a table, the documented data, forecasts, savings, or figures for a scraper. */
export async function showUsage(session: Session, options: UsageOptions): Promise<number> {
  return session.withEngine(async (engine) => {
    const isText = options.format === 'table' && options.prometheus !== true;
    const text = textOf(session, engine, options);
    // The collector of figures runs as somebody else; there is no hash in them.
    const mode = options.prometheus === true ? 0o644 : undefined;
    await writeTo(session, options.out, isText ? marked(text, engine) : text, isText ? 'table' : 'data', mode);
    return EXIT.done;
  });
}

/** Data says in itself that it is made up; a table that is kept in a file must as well. */
async function* marked(text: AsyncIterable<string>, { simulated }: Engine): AsyncIterable<string> {
  yield* text;
  if (simulated) {
    yield 'The sources of this data directory are simulated: what they answered is made up.\n';
  }
}

async function* textOf(session: Session, engine: Engine, options: UsageOptions): AsyncIterable<string> {
  const { usage, simulated } = engine;
  const { version } = programName();
  if (options.prometheus === true) {
    const [soFar, { rows: quotas }] = await Promise.all([usage.soFar(EXPOSED), usage.forecast()]);
    yield prometheusText({ ...soFar, version, simulated, quotas });
    return;
  }
  if (options.forecast === true) {
    const { rows } = await usage.forecast();
    yield listingText(session, options.format, forecastListing(rows, simulated));
    return;
  }
  if (options.saved === true) {
    const { from, to } = options.range;
    const saved = await usage.saved({ from, to });
    yield listingText(session, options.format, savedListing(saved, simulated));
    return;
  }
  const panels = options.panel ?? PANEL_IDS;
  const { format, range, step, compare } = options;
  if (format === 'table') {
    yield await tableText(session, engine, options, panels);
    return;
  }
  const madeAt = Math.floor(session.host.now() / 1000);
  const { from, to } = range;
  const request = { format, from, to, points: DATA_POINTS, stepSeconds: step, compare: compare === true };
  const splits = splitsOf(panels, options);
  yield* boardText(usage, { ...request, panels, splits }, { version, simulated, madeAt }, session.signal);
}

async function tableText(
  session: Session,
  { usage }: Engine,
  options: UsageOptions,
  panels: readonly PanelId[],
): Promise<string> {
  const { range, step, compare } = options;
  const splits = splitsOf(panels, options);
  const shown: ShownPanel[] = [];
  for (const panel of panels) {
    session.signal.throwIfAborted();
    const data = await usage.panel({
      panel,
      from: range.from,
      to: range.to,
      points: range.bars,
      stepSeconds: step,
      compare: compare === true,
      split: splits[panel],
    });
    shown.push({ data, withParts: options.panel !== undefined });
  }
  // What is so at present is known as soon as somebody looks; nothing has happened yet all the same.
  if (
    shown.every(({ data }) => data.recordedSince === null || panelOf(data.panel).measure === 'gauge') &&
    options.panel === undefined
  ) {
    return 'Nothing is recorded yet. Figures appear here once lists are read, hashes looked up or sources asked.\n';
  }
  return `${panelLines(session, shown).join('\n')}\n`;
}

/** The asked way for every panel that can be broken down so. INVALID_ARGUMENT where a named panel cannot, or none can. */
function splitsOf(
  panels: readonly PanelId[],
  { split, panel: named }: UsageOptions,
): { readonly [Panel in PanelId]?: Split } {
  if (split === undefined) {
    return {};
  }
  const able = panels.filter((panel) => panelOf(panel).splits.includes(split));
  const [unable] = named === undefined ? [] : named.filter((panel) => !able.includes(panel));
  if (unable !== undefined || able.length === 0) {
    const { title, splits } = panelOf(unable ?? PANELS[0].id);
    throw new AppError('INVALID_ARGUMENT', `${title} is broken down by ${splits.join(' or ')}, not by ${split}.`);
  }
  return Object.fromEntries(able.map((panel) => [panel, split]));
}
