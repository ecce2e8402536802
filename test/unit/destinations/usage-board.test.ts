import { describe, expect, it } from 'vitest';
import { csvPanel, csvPanelHeader, rowsOf } from '#main/destinations/usage/csv-panel.ts';
import { colourOf } from '#main/destinations/usage/colours.ts';
import { htmlHead, htmlPanel } from '#main/destinations/usage/html-board.ts';
import { jsonEnd, jsonHead, jsonlPanel, jsonPanel } from '#main/destinations/usage/json-board.ts';
import { prometheusText } from '#main/destinations/usage/prometheus.ts';
import { roundUp, svgChart } from '#main/destinations/usage/svg-chart.ts';
import { boardText } from '#main/services/usage/export.ts';
import type { PanelData } from '#shared/contract/usage.ts';

const START = 1_795_334_400;
const HOUR = 3600;
const facts = { from: START, to: START + 3 * HOUR, madeAt: START + 5 * HOUR, version: '1.2.3', simulated: false };

const panel = (more: Partial<PanelData> = {}): PanelData => ({
  panel: 'outbound-items',
  split: 'source',
  from: START,
  to: START + 3 * HOUR,
  stepSeconds: HOUR,
  starts: [START, START + HOUR, START + 2 * HOUR],
  series: [
    { key: 'wildfire', label: 'WildFire', values: [null, 4, 1], total: 5 },
    { key: 'virustotal', label: 'VirusTotal', values: [null, 2, 0], total: 2 },
  ],
  totals: [null, 6, 1],
  total: 7,
  peak: 6,
  before: null,
  recordedSince: START + HOUR,
  text: '7 items.',
  elapsedMs: 1,
  ...more,
});
const count = (text: string, what: RegExp): number => [...text.matchAll(what)].length;

describe('a chart of its own', () => {
  it('stacks what is known, and leaves a gap where nothing is', () => {
    const svg = svgChart(panel());
    // One bar for each value above 0, the second one of an interval on top of the first.
    expect(count(svg, /<rect /g)).toBe(3);
    const [first, , second] = [...svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"/g)];
    expect(first?.[1]).toBe(second?.[1]);
    expect(Number(second?.[2]) + Number(second?.[3])).toBeCloseTo(Number(first?.[2]));
    expect(Number(first?.[3])).toBeCloseTo(2 * Number(second?.[3]));
  });

  it('breaks areas and lines at gaps, and draws a single value as a dot', () => {
    const values = [3, null, 5];
    const series = [{ key: 'malicious', label: 'malicious', values, total: 5 }];
    for (const [id, colour] of [
      ['total-items', '#d01f27'],
      ['hash-list', '#d01f27'],
    ] as const) {
      const svg = svgChart(panel({ panel: id, split: 'status', series, totals: values }));
      const path = /<path d="([^"]*)"/.exec(svg)?.[1] ?? '';
      expect([id, count(path, /M/g), svg.includes(colour)]).toEqual([id, 2, true]);
    }
  });

  it('says that nothing is known, or that nothing was', () => {
    const none = { series: [], totals: [null, null, null], peak: null };
    expect(svgChart(panel({ ...none, total: null }))).toContain('Nothing is known of this range');
    expect(svgChart(panel({ ...none, total: 0, totals: [0, 0, 0] }))).toContain('Nothing in this range');
  });

  it('never draws beyond its frame, and has no number that is none', () => {
    for (const top of [0, 1, 7, 999, 1e15]) {
      const values = [top, 0, top / 3];
      const series = [{ key: 'wildfire', label: 'WildFire', values, total: top }];
      const svg = svgChart(panel({ series, totals: values, peak: top }));
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
      const ys = [...svg.matchAll(/ y="([\d.-]+)"/g)].map(([, y]) => Number(y));
      expect(Math.min(...ys)).toBeGreaterThanOrEqual(0);
    }
    expect([0, 0.3, 1, 6, 11, 20, 21, 99].map(roundUp)).toEqual([1, 0.5, 1, 10, 20, 20, 25, 100]);
  });

  it('colours statuses and sources as everywhere', () => {
    expect(colourOf('malicious', 3)).toBe(colourOf('to-malicious', 0));
    expect(colourOf('virustotal', 0)).toBe(colourOf('virustotal', 4));
    expect(colourOf('wildfire', 0)).not.toBe(colourOf('virustotal', 0));
  });
});

describe('files of the board', () => {
  it('mark what is simulated', () => {
    expect(htmlHead({ ...facts, simulated: true })).toContain('Simulated');
    expect(htmlHead(facts)).not.toContain('Simulated');
    expect(csvPanelHeader(true)).toBe('panel,start,end,part,value,unit,simulated\n');
    expect(csvPanel(panel(), true).split('\n')[1]).toMatch(/,wildfire,4,items,true$/);
    expect(JSON.parse(jsonlPanel({ ...facts, simulated: true }, panel()))).toMatchObject({ simulated: true });
    const prometheus = { counts: [], gauges: [], lookedAt: null, quotas: [], version: '1', simulated: true };
    expect(prometheusText(prometheus)).toContain('assay_info{version="1",simulated="true"} 1');
  });

  it('have a row for each interval and part', () => {
    const rows = csvPanel(panel(), false).trimEnd().split('\n');
    expect([rows.length, rowsOf(panel())]).toEqual([6, 6]);
    expect(rows[0]).toBe('outbound-items,2026-11-22T08:00:00Z,2026-11-22T09:00:00Z,wildfire,,items');
  });

  it('say of what has no parts whether there was nothing, or nothing is known', () => {
    const none = panel({ panel: 'outbound-failed', split: 'reason', series: [], totals: [null, 0, 0], total: 0 });
    const rows = csvPanel(none, false).trimEnd().split('\n');
    expect(rows.map((row) => row.split(',').slice(3))).toEqual([
      ['all', '', 'requests'],
      ['all', '0', 'requests'],
      ['all', '0', 'requests'],
    ]);
    expect(rowsOf(none)).toBe(3);
  });

  it('are one JSON document however many panels there are', () => {
    for (const panels of [[], [panel()], [panel(), panel({ panel: 'flips', series: [] })]]) {
      const text = [jsonHead(facts), ...panels.map((one, place) => jsonPanel(one, place === 0)), jsonEnd()].join('');
      const parsed = JSON.parse(text) as { panels: { panel: string }[] };
      expect(parsed.panels.map((one) => one.panel)).toEqual(panels.map((one) => one.panel));
    }
  });

  it('keep brackets of words apart from lists of values', () => {
    const label = 'a [ 1,\n 2 ] b';
    const series = [{ key: label, label, values: [1, 2, 3], total: 6 }];
    const parsed = JSON.parse(`${jsonHead(facts)}${jsonPanel(panel({ series, text: label }), true)}${jsonEnd()}`) as {
      panels: { text: string; parts: { label: string }[] }[];
    };
    expect([parsed.panels[0]?.text, parsed.panels[0]?.parts[0]?.label]).toEqual([label, label]);
  });

  it('tell the definition, the change and a table of every value', () => {
    const html = htmlPanel(panel({ before: { values: [1, 2, 3], total: 14 } }), true);
    expect(html).toContain('<h2>Resource usage</h2>');
    expect(html).toContain('50 % less than before');
    expect(count(html, /<tr><td>/g)).toBe(3);
    expect(html).toContain('<tr><td>2026-11-22 08:00</td><td></td><td></td><td></td></tr>');
  });

  it('are read panel by panel, and end between two of them', async () => {
    const stop = new AbortController();
    const asked: string[] = [];
    const nothing = (): Promise<never> => Promise.reject(new Error('not asked for'));
    const usage = {
      forecast: nothing,
      saved: nothing,
      failures: nothing,
      panel: (query: { readonly panel: PanelData['panel'] }) => {
        asked.push(query.panel);
        return Promise.resolve(panel({ panel: query.panel }));
      },
    };
    const range = { from: START, to: START + HOUR, points: 1, compare: false, splits: {} };
    const panels = ['flips', 'latency', 'verdicts'] as const;
    const written = async (): Promise<void> => {
      for await (const text of boardText(usage, { format: 'csv', ...range, panels }, facts, stop.signal)) {
        expect(text).not.toBe('');
        if (asked.length === 2) {
          stop.abort();
        }
      }
    };
    await expect(written()).rejects.toThrow(/aborted/);
    expect(asked).toEqual(['flips', 'latency']);
  });
});
