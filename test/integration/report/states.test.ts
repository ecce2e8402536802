import { createWriteStream, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import type { ReportPreview } from '#main/services/report/port.ts';
import type { ReportFormat } from '#shared/domain/report.ts';
import { unpackCsv } from './csv-cells.ts';
import { digests, everything, hex, linesOf, never, startWorld, type ReportWorld } from './report-world.ts';
import { EVERY_ROW } from '../../every-row.ts';

let world: ReportWorld;
afterEach(() => world.dispose());

const HOSTILE = [
  "=cmd|'/c calc'!A1",
  '+1',
  '-1',
  '@SUM(1)',
  '\tx',
  '"\r\n=1',
  '</script>',
  '\u202Egpj.exe',
  'a\u0000b',
  '\u2028',
];

describe('a report', () => {
  it('lists records that are no rows, with place and reason', async () => {
    world = await startWorld();
    const intake = await world.read(
      'list.csv',
      `name,sha256\na,${hex('sha256', 'a')}\nb,\nc,${hex('sha256', 'c').slice(1)}\n`,
    );
    const { notRead, head } = linesOf((await world.write(intake.id, 'jsonl')).path);
    expect(notRead).toEqual([
      expect.objectContaining({ file: 'list.csv', line: 3, kind: 'without-hash' }),
      expect.objectContaining({ file: 'list.csv', line: 4, kind: 'rejected' }),
    ]);
    expect(head).toMatchObject({ accounting: { records: 3, hashes: 1, withoutHash: 1, rejected: 1 }, troubles: 2 });
  });

  it('of simulated sources says so in its head, in every row, in its manifest and before it is made', async () => {
    world = await startWorld({ simulated: true });
    const intake = await world.read('list.txt', `${hex('sha256', 'a')}\n`);
    const { path } = await world.write(intake.id, 'jsonl');
    const { head, rows, manifest } = linesOf(path);
    expect(head).toMatchObject({ simulated: true, warning: expect.stringContaining('made up') });
    expect([rows[0], manifest]).toEqual([
      expect.objectContaining({ simulated: true }),
      expect.objectContaining({ simulated: true }),
    ]);
    const [header, first] = unpackCsv(readFileSync((await world.write(intake.id, 'csv')).path, 'utf8'));
    expect(first?.[header?.indexOf('simulated') ?? -1]).toBe('true');
    const preview = await previewOf(intake.id, 'jsonl');
    expect(preview.notes).toEqual([expect.stringContaining('simulated')]);
  });

  it('of an intake under embargo, or one that was cancelled, says so', async () => {
    world = await startWorld();
    const stop = new AbortController();
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (let n = 0; ; n += 1) {
        yield Buffer.from(`${hex('sha256', String(n))}\n`);
        if (n === 2_000) {
          stop.abort();
        }
        if (n % 100 === 0) {
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
    }
    const { finished } = await world.engine.intakes.start(
      {
        door: 'terminal',
        inputs: [{ kind: 'stream', name: 'stdin', chunks: endless() }],
        reading: { as: 'list' },
        embargo: true,
      },
      () => undefined,
      stop.signal,
    );
    const intake = await finished;
    expect(intake.state).toBe('cancelled');
    const { head, rows } = linesOf((await world.write(intake.id, 'jsonl')).path);
    expect(head.intake).toMatchObject({ state: 'cancelled', embargo: true });
    expect(rows.length).toBe(intake.accounting.hashes);
    const preview = await previewOf(intake.id, 'csv');
    expect(preview.notes).toEqual(
      expect.arrayContaining([expect.stringContaining('embargo'), expect.stringContaining('cancelled')]),
    );
  });

  it('keeps hostile values as data: nothing runs in a spreadsheet, nothing breaks a line', async () => {
    world = await startWorld();
    const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    const list = [
      'name,sha256,=evil header',
      ...HOSTILE.map((text, n) => `${quoted(text)},${hex('sha256', String(n))},${quoted(text)}`),
    ];
    const intake = await world.read('=list.csv', list.join('\n'));
    await world.items({
      ...digests('x'),
      sha256: hex('sha256', '0'),
      source: 'wildfire',
      status: 'malicious',
      threat: '=1+1',
      scannedAt: '2026-11-02T03:04:05Z',
    });
    const statement = { title: '=1', examiner: '"\n=2', caseName: '\u202E', note: 'x\u2028y' };
    const { rows } = linesOf((await world.write(intake.id, 'jsonl', { statement })).path);
    const read = await world.engine.intakes.rows(intake.id, EVERY_ROW, { offset: 0, limit: 50 });
    expect(rows.map(({ carried }) => Object.values(carried))).toEqual(read.rows.map(({ carried }) => carried));
    const [header, ...cells] = unpackCsv(
      readFileSync((await world.write(intake.id, 'csv', { statement })).path, 'utf8'),
    );
    expect(cells).toHaveLength(HOSTILE.length);
    for (const row of [header ?? [], ...cells]) {
      expect(row).toHaveLength(header?.length ?? 0);
      expect(row.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
    }
  });

  it('that is cancelled or cannot be written leaves nothing, and notes nothing', async () => {
    world = await startWorld();
    const list = world.path('long.txt');
    const out = createWriteStream(list);
    for (let n = 0; n < 5_000; n += 1) {
      out.write(`${hex('sha256', String(n))}\n`);
    }
    out.end();
    await once(out, 'finish');
    const intake = await world.read('long.txt', readFileSync(list, 'utf8'));
    writeFileSync(world.path('kept.csv'), 'what stood there');
    const stop = new AbortController();
    const request = {
      intakeId: intake.id,
      format: 'csv',
      selection: everything,
      statement: { title: '', examiner: '', caseName: '', note: '' },
    } as const;
    const told: number[] = [];
    const cancelled = world.engine.reports.write(
      request,
      world.path('kept.csv'),
      ({ done, total }) => {
        told.push(done, total ?? -1);
        stop.abort();
      },
      stop.signal,
    );
    await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(told.slice(0, 2)).toEqual([1_000, 5_000]);
    expect(readFileSync(world.path('kept.csv'), 'utf8')).toBe('what stood there');
    const nowhere = world.engine.reports.write(request, world.path('no/folder.csv'), () => undefined, never);
    await expect(nowhere).rejects.toMatchObject({ code: 'NOT_WRITABLE' });
    expect(readdirSync(world.folder).filter((name) => name.includes('part') || name.includes('manifest'))).toEqual([]);
    expect(await world.engine.reports.list(intake.id)).toEqual([]);
  });

  it('without rows states the intake alone', async () => {
    world = await startWorld();
    const intake = await world.read('list.txt', `${hex('sha256', 'a')}\n`);
    const { rows, head } = linesOf(
      (await world.write(intake.id, 'jsonl', { selection: { kind: 'entries', entries: [] } })).path,
    );
    expect([rows, head.selection]).toEqual([[], '0 of 1 row, chosen one by one']);
  });

  it('is previewed as its beginning, or as a page, and writes nothing', async () => {
    world = await startWorld();
    const list = Array.from({ length: 300 }, (_, n) => hex('sha256', String(n))).join('\n');
    const intake = await world.read('=list "1"?.txt', list);
    const statement = { title: 'Fälle', examiner: '', caseName: '', note: '' };
    const wanted = { intakeId: intake.id, selection: everything, statement };
    const before = readdirSync(world.folder);
    for (const { format, unavailable } of world.engine.reports.formats()) {
      const { rows, kind, content, suggestedName } = await world.engine.reports.preview({ ...wanted, format }, never);
      expect([format, rows, kind]).toEqual([format, 300, ['html', 'pdf', 'xlsx'].includes(format) ? 'html' : 'text']);
      expect([format, content.includes(hex('sha256', '49')), content.includes(hex('sha256', '50'))]).toEqual([
        format,
        true,
        false,
      ]);
      expect(suggestedName).toMatch(/^_list _1_\.txt\.report\.[a-z.]+$/);
      expect([format, unavailable === null]).toEqual([format, format !== 'pdf']);
    }
    expect(readdirSync(world.folder)).toEqual(before);
    const given = world.engine.reports.preview({ ...wanted, format: 'html' }, AbortSignal.abort());
    await expect(given).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

/** How a report on all rows, about which nobody states anything, would look. */
function previewOf(intakeId: number, format: ReportFormat): Promise<ReportPreview> {
  const statement = { title: '', examiner: '', caseName: '', note: '' };
  return world.engine.reports.preview({ intakeId, format, selection: everything, statement }, never);
}
