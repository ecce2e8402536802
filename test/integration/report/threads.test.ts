import { closeSync, existsSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { everything, hex, linesOf, startWorld, type ReportWorld } from './report-world.ts';
import { EVERY_ROW } from '../../every-row.ts';

let world: ReportWorld;
afterEach(() => world.dispose());

const ROWS = 6_000;
const list = (): string => Array.from({ length: ROWS }, (_, n) => `${hex('md5', String(n))}\n`).join('');
const signal = new AbortController().signal;
const statement = { title: '', examiner: '', caseName: '', note: '' };

describe('a report behind threads', () => {
  it('is written while rows are shown, and tells how far it is', async () => {
    world = await startWorld({ threads: 'workers', shell: 'electron' });
    const intake = await world.read('list.txt', list());
    const request = { intakeId: intake.id, format: 'jsonl', selection: everything, statement } as const;
    const told: number[] = [];
    const writing = world.engine.reports.write(
      request,
      world.path('threads.jsonl'),
      ({ done }) => told.push(done),
      signal,
    );
    const shown = await world.engine.intakes.rows(intake.id, EVERY_ROW, { offset: ROWS - 1, limit: 1 });
    expect(shown.total).toBe(ROWS);
    const written = await writing;
    expect([written.rows, told.length, told.at(-1)]).toEqual([ROWS, ROWS / 1_000, ROWS]);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect((await world.engine.reports.verify(written.path, () => undefined, signal)).outcome).toBe('matches');
    expect(linesOf(written.path).rows).toHaveLength(ROWS);
    const preview = await world.engine.reports.preview(request, signal);
    expect([preview.rows, preview.kind, preview.content.split('\n').length]).toEqual([ROWS, 'text', 53]);
  });

  it('is cancelled in the middle, leaves nothing, and the next one is whole', async () => {
    world = await startWorld({ threads: 'workers', shell: 'electron' });
    const intake = await world.read('list.txt', list());
    const request = { intakeId: intake.id, format: 'csv', selection: everything, statement } as const;
    const stop = new AbortController();
    const cancelled = world.engine.reports.write(request, world.path('out.csv'), () => stop.abort(), stop.signal);
    await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(readdirSync(world.folder).filter((name) => name.startsWith('out.csv'))).toEqual([]);
    const again = await world.engine.reports.write(request, world.path('out.csv'), () => undefined, signal);
    expect([again.rows, existsSync(world.path('out.csv.manifest.json'))]).toEqual([ROWS, true]);
  });
});

describe('a known set that proves damaged', () => {
  it('gives no answer, is named, and does not keep a report from being made', async () => {
    world = await startWorld();
    const inSet = hex('sha256', 'in the set');
    await world.knownSet('golden', [inSet]);
    await world.knownSet('sound', [inSet, hex('sha256', 'other')]);
    const intake = await world.read('list.txt', `${inSet}\n`);
    const path = join(world.engine.directory, 'known-sets', '1.acol');
    const at = readFileSync(path).indexOf(Buffer.from(inSet, 'hex'));
    const file = openSync(path, 'r+');
    writeSync(file, Buffer.from([0]), 0, 1, at + 20);
    closeSync(file);
    const { head, rows } = linesOf((await world.write(intake.id, 'jsonl')).path);
    expect(head.problems).toEqual([expect.stringMatching(/^The known set golden was left out: .* is damaged/)]);
    expect(head.knownSets.map(({ name }) => name)).toEqual(['sound']);
    expect(rows[0]?.assay_report.knownSets.map(({ name }) => name)).toEqual(['sound']);
  });
});
