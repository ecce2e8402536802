import { describe, expect, it } from 'vitest';
import { buildPanel, type PanelFacts } from '#main/services/usage/build-panel.ts';
import type { FigureRow } from '#main/services/usage/recorded.ts';
import type { Grid } from '#main/services/usage/steps.ts';

const STEP = 60;
const grid: Grid = { from: 600, to: 900, stepSeconds: STEP, level: 0, starts: [600, 660, 720, 780, 840] };
const row = (kind: FigureRow['kind'], bucket: number, more: Partial<FigureRow> = {}): FigureRow => {
  const sum = more.sum ?? 1;
  return { kind, bucket, source: 0, detail: '', n: 1, sum, most: sum, last: sum, ...more };
};
const build = (facts: Partial<PanelFacts> & Pick<PanelFacts, 'panel' | 'split'>) =>
  buildPanel({ grid, rows: [], before: [], presence: [], began: 0, now: 899, ...facts });
const parts = (values: ReturnType<typeof build>) =>
  Object.fromEntries(values.series.map((part) => [part.key, part.values]));

describe('what happened', () => {
  it('is 0 where nothing did, unknown before the first record and in time to come', () => {
    const values = build({
      panel: 'outbound-items',
      split: 'source',
      rows: [row('pairsSent', 720, { source: 5, sum: 7 })],
      began: 700,
      now: 800,
    });
    expect(values).toEqual({
      series: [{ key: 'virustotal', label: 'VirusTotal', values: [null, 0, 7, 0, null], total: 7 }],
      totals: [null, 0, 7, 0, null],
      total: 7,
      peak: 7,
    });
  });

  it('is unknown altogether where nothing was ever recorded', () => {
    expect(build({ panel: 'flips', split: 'direction', began: null })).toEqual({
      series: [],
      totals: [null, null, null, null, null],
      total: null,
      peak: null,
    });
  });

  it('is shown though a clock that was set back says that it is still to come', () => {
    const rows = [row('pairsSent', 780, { source: 5, sum: 4 })];
    const values = build({ panel: 'outbound-items', split: 'source', rows, now: 700 });
    expect([values.totals, values.total]).toEqual([[0, 0, null, 4, null], 4]);
  });

  it('has its largest part first', () => {
    const rows = [
      row('pairsSent', 600, { source: 1, sum: 2 }),
      row('pairsSent', 660, { source: 5, sum: 9 }),
      row('pairsSent', 720, { source: 1, sum: 3 }),
    ];
    const values = build({ panel: 'outbound-items', split: 'source', rows });
    expect(values.series.map(({ key, total }) => [key, total])).toEqual([
      ['virustotal', 9],
      ['wildfire', 5],
    ]);
    expect([values.totals, values.total, values.peak]).toEqual([[2, 9, 3, 0, 0], 14, 9]);
  });

  it('has statuses by severity, and reasons and statuses apart', () => {
    const rows = [
      row('itemsPurged', 600, { source: 1, detail: 'size unknown', sum: 50 }),
      row('itemsPurged', 600, { source: 5, detail: 'not-asked-for malicious', sum: 2 }),
    ];
    const by = (split: PanelFacts['split']) =>
      build({ panel: 'purged-items', split, rows }).series.map(({ label, total }) => [label, total]);
    expect(by('status')).toEqual([
      ['malicious', 2],
      ['unknown', 50],
    ]);
    expect(by('reason')).toEqual([
      ['maximum size', 50],
      ['nobody asked for them', 2],
    ]);
  });

  it('is averaged over what was answered', () => {
    const rows = [row('requestMs', 600, { source: 1, n: 4, sum: 400 }), row('requestMs', 660, { source: 5, sum: 900 })];
    const values = build({ panel: 'latency', split: 'source', rows });
    expect(parts(values)).toEqual({
      virustotal: [null, 900, null, null, null],
      wildfire: [100, null, null, null, null],
    });
    expect([values.totals.slice(0, 2), values.total]).toEqual([[100, 900], 260]);
  });

  it('is a share of what was received, never over the whole of it', () => {
    const rows = [
      row('inboundHashes', 600, { sum: 200 }),
      row('answeredLocally', 600, { sum: 50 }),
      row('inboundHashes', 720, { sum: 10 }),
      row('inboundHashes', 780, { sum: 5 }),
      row('answeredLocally', 780, { sum: 9 }),
    ];
    const values = build({ panel: 'coverage', split: 'none', rows });
    expect([parts(values), values.total]).toEqual([{ all: [25, null, 0, 100, null] }, (100 * 59) / 215]);
  });
});

describe('a gauge', () => {
  const looked = [{ start: 590, until: 850 }];

  it('holds between events while somebody looked', () => {
    const values = build({
      panel: 'database-size',
      split: 'none',
      rows: [row('databaseBytes', 720, { sum: 9, most: 9, last: 8 })],
      before: [{ kind: 'databaseBytes', source: 0, detail: '', value: 5 }],
      presence: looked,
    });
    expect([values.totals, values.total, values.peak]).toEqual([[5, 5, 8, 8, 8], 8, 8]);
  });

  it('is not known where nobody looked', () => {
    const presence = [
      { start: 590, until: 630 },
      { start: 730, until: 790 },
    ];
    const values = build({
      panel: 'hash-list',
      split: 'side',
      rows: [row('listEntries', 720, { detail: 'malicious', sum: 4 })],
      before: [{ kind: 'listEntries', source: 0, detail: 'malicious', value: 3 }],
      presence,
    });
    expect(parts(values)).toEqual({ malicious: [3, null, 4, 4, null] });
    expect(values.total).toBe(4);
  });

  it('adds up the statuses of a source, and the sources of a status', () => {
    const rows = [
      row('itemsTotal', 600, { source: 1, detail: 'malicious', sum: 2 }),
      row('itemsTotal', 600, { source: 1, detail: 'unknown', sum: 10 }),
      row('itemsTotal', 660, { source: 5, detail: 'malicious', sum: 3 }),
    ];
    const by = (split: PanelFacts['split']) =>
      parts(build({ panel: 'total-items', split, rows, presence: [{ start: 600, until: 719 }] }));
    expect(by('source')).toEqual({ wildfire: [12, 12, null, null, null], virustotal: [0, 3, null, null, null] });
    expect(by('status')).toEqual({ malicious: [2, 5, null, null, null], unknown: [10, 10, null, null, null] });
  });

  it('that every look tells whole is 0 where somebody looked and found none', () => {
    const facts = { split: 'side', rows: [], presence: [{ start: 600, until: 719 }] } as const;
    expect(build({ panel: 'hash-list', ...facts })).toMatchObject({ totals: [0, 0, null, null, null], total: 0 });
    // What is looked at now and then may not have been looked at yet.
    expect(build({ panel: 'hash-list-in-environment', ...facts }).total).toBeNull();
  });

  it('that shows the most counts what it was when the interval began', () => {
    const rows = [
      row('queueDepth', 660, { source: 1, sum: 1, most: 4, last: 1 }),
      row('queueDepth', 660, { source: 0, sum: 1, most: 6, last: 3 }),
      row('queueDepth', 660, { source: 5, sum: 1, most: 5, last: 2 }),
    ];
    const before = [
      { kind: 'queueDepth', source: 1, detail: '', value: 9 },
      { kind: 'queueDepth', source: 0, detail: '', value: 9 },
    ] as const;
    const values = build({ panel: 'outbound-queue', split: 'source', rows, before, presence: looked });
    expect(parts(values)).toEqual({ wildfire: [9, 9, 1, 1, 1], virustotal: [0, 5, 2, 2, 2] });
    // The most of all together is not the sum of the parts' own.
    expect([values.totals, values.total, values.peak]).toEqual([[9, 9, 3, 3, 3], 3, 9]);
  });
});
