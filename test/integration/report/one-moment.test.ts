import { afterEach, describe, expect, it } from 'vitest';
import { everything, hex, linesOf, startWorld, type ReportWorld } from './report-world.ts';

let world: ReportWorld;
afterEach(() => world.dispose());

const ROWS = 12_000;
const LAST = hex('sha256', String(ROWS - 1));
const scannedAt = '2026-07-01T00:00:00Z';
const signal = new AbortController().signal;
const statement = { title: '', examiner: '', caseName: '', note: '' };

describe('a report of one moment', () => {
  it('says nothing that was heard while it is written, neither as an answer nor as a verdict', async () => {
    world = await startWorld();
    const list = Array.from({ length: ROWS }, (_, n) => `${hex('sha256', String(n))}\n`).join('');
    const intake = await world.read('list.txt', list);
    const request = { intakeId: intake.id, format: 'jsonl', selection: everything, statement } as const;
    const heard: Promise<void>[] = [];
    let told = 0;
    let toldWhenHeard = 0;
    const first = await world.engine.reports.write(
      request,
      world.path('first.jsonl'),
      ({ done }) => {
        told = done;
        if (heard.length === 0) {
          const item = { sha256: LAST, source: 'virustotal', status: 'malicious', scannedAt };
          heard.push(world.items(item).then(() => void (toldWhenHeard = told)));
        }
      },
      signal,
    );
    await Promise.all(heard);
    expect(first.rows).toBe(ROWS);
    expect(toldWhenHeard).toBeLessThan(ROWS);
    const before = linesOf(world.path('first.jsonl')).rows.at(-1);
    expect([before?.hash, before?.verdict, before?.assay_report.answers]).toEqual([LAST, 'unknown', []]);
    await world.engine.reports.write(request, world.path('second.jsonl'), () => undefined, signal);
    const after = linesOf(world.path('second.jsonl')).rows.at(-1);
    expect([after?.verdict, after?.assay_report.answers.map(({ source }) => source)]).toEqual([
      'malicious',
      ['virustotal'],
    ]);
  });
});
