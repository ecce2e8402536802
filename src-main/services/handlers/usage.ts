import { dirname } from 'node:path';
import type { CallOutput, CallParsed } from '#shared/contract/index.ts';
import { counted } from '#shared/domain/grouped.ts';
import { boardTableOf, panelOf } from '#shared/domain/usage/panels.ts';
import { csvTable } from '../../destinations/usage/board-tables.ts';
import { writeStreamed } from '../../destinations/write-streamed.ts';
import { boardText } from '../usage/export.ts';
import { checkRange } from '../usage/steps.ts';
import { readTable } from '../usage/tables.ts';
import { pictureOf } from '../usage/picture.ts';
import type { FeatureHandlers, HandlerParts } from './parts.ts';
import { runAsJob } from './run-as-job.ts';

/** The reputation board: its panels, forecasts and exports. */
export function usageHandlers(parts: HandlerParts): FeatureHandlers<'usage'> {
  const { usage } = parts;
  return {
    'usage.panel': (request) => usage.panel(request),
    'usage.forecast': () => usage.forecast(),
    'usage.saved': (range) => usage.saved(range),
    'usage.failures': (range) => usage.failures(range),
    'usage.strip': () => usage.strip(),
    'usage.export': (request) => exportBoard(parts, request),
    'usage.exportTable': (request) => exportTable(parts, request),
    'usage.savePicture': (request) => savePicture(parts, request),
  };
}

/** The place is chosen first; the answer waits for the end of the job that writes. */
async function exportBoard(
  { usage, jobs, saveTarget, simulated, version, clock }: HandlerParts,
  request: CallParsed<'usage.export'>,
): Promise<CallOutput<'usage.export'>> {
  checkRange(request);
  const days = `${dayOf(request.from)} to ${dayOf(request.to)}`;
  const path = await saveTarget.choose(`reputation board ${days}.${request.format}`);
  if (path === null) {
    return { path: null, rows: 0 };
  }
  const madeAt = Math.floor(clock.now() / 1000);
  const rows = await runAsJob(jobs, {
    kind: 'export',
    title: 'Export of the reputation board',
    unit: 'rows',
    async run(update, signal) {
      let value = 0;
      update({ phase: 'writing' });
      const onPanel = (_: number, written: number): void => {
        value = written;
        update({ done: written });
      };
      await writeStreamed(path, boardText(usage, request, { version, simulated, madeAt, onPanel }, signal), signal);
      return { value, message: `${counted(value, 'row')} written to ${dirname(path)}`, path };
    },
  });
  return { path, rows };
}

async function exportTable(
  { usage, jobs, saveTarget, simulated }: HandlerParts,
  { table, from, to }: CallParsed<'usage.exportTable'>,
): Promise<CallOutput<'usage.exportTable'>> {
  checkRange({ from, to });
  const { title } = boardTableOf(table);
  const path = await saveTarget.choose(`${title.toLowerCase()}.csv`);
  if (path === null) {
    return { path: null, rows: 0 };
  }
  return runAsJob(jobs, {
    kind: 'export',
    title: `Export of ${title.toLowerCase()}`,
    unit: 'rows',
    async run(update, signal) {
      update({ phase: 'writing' });
      const read = await readTable(usage, table, { from, to });
      await writeStreamed(path, inOneGo(csvTable(read, simulated)), signal);
      const rows = read.rows.length;
      update({ done: rows });
      const written = `${counted(rows, 'row')} written to ${dirname(path)}`;
      return { value: { path, rows }, message: written, path };
    },
  });
}

async function savePicture(
  { jobs, saveTarget }: HandlerParts,
  { panel, png }: CallParsed<'usage.savePicture'>,
): Promise<CallOutput<'usage.savePicture'>> {
  const bytes = pictureOf(png);
  const { title } = panelOf(panel);
  const path = await saveTarget.choose(`${title}.png`);
  if (path === null) {
    return { path: null };
  }
  return runAsJob(jobs, {
    kind: 'export',
    title: `Picture of ${title}`,
    unit: 'bytes',
    async run(update, signal) {
      update({ phase: 'writing', total: bytes.length });
      await writeStreamed(path, inOneGo(bytes), signal);
      update({ done: bytes.length });
      return { value: { path }, message: `Written to ${dirname(path)}`, path };
    },
  });
}

async function* inOneGo<T extends string | Uint8Array>(whole: T): AsyncIterable<T> {
  yield whole;
}

/** `2026-11-22`, UTC. */
function dayOf(at: number): string {
  return new Date(at * 1000).toISOString().slice(0, 10);
}
