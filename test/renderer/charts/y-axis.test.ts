// @vitest-environment node
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { panelOf, PANEL_IDS } from '#shared/domain/usage/panels.ts';
import { tickLabels, yAxis } from '#renderer/charts/drawing/y-axis.ts';

const items = panelOf('outbound-items');
const size = panelOf('database-size');
const GB = 1000 ** 3;

const labels = (
  id: Parameters<typeof panelOf>[0],
  least: number | null,
  most: number | null,
  mayCut = false,
): unknown => yAxis(panelOf(id), { least, most, mayCut }, 100).labels;

describe('the value axis', () => {
  it('has few round ticks from 0', () => {
    expect(labels('outbound-items', 3, 9400)).toEqual(['0', '4k', '8k', '12k']);
    expect(labels('outbound-items', 3, 1450)).toEqual(['0', '500', '1k', '1.5k']);
    expect(labels('outbound-items', 3, 1_190_000)).toEqual(['0', '400k', '800k', '1.2M']);
    expect(labels('outbound-items', 0, 9e14)).toEqual(['0', '300T', '600T', '900T']);
  });

  it('counts in whole things', () => {
    expect(labels('outbound-items', 0, 1)).toEqual(['0', '1']);
    expect(labels('outbound-items', 0, 4)).toEqual(['0', '2', '4']);
  });

  it('says its unit once, at the top', () => {
    expect(labels('database-size', 0, 2.3 * GB)).toEqual(['0', '0.8', '1.6', '2.4 GB']);
    expect(labels('latency', 0, 850)).toEqual(['0', '300', '600', '900 ms']);
    expect(labels('latency', 0, 4100)).toEqual(['0', '1.5', '3.0', '4.5 s']);
    expect(labels('coverage', 40, 60)).toEqual(['0', '50', '100 %']);
  });

  it('starts above 0 only where a gauge changes too little to be seen, and says so', () => {
    const near = yAxis(size, { least: 2.24 * GB, most: 2.31 * GB, mayCut: true }, 100);
    expect(near).toMatchObject({ isCut: true, labels: ['2.225', '2.250', '2.275', '2.300', '2.325 GB'] });
    expect(yAxis(size, { least: GB, most: 2 * GB, mayCut: true }, 100).isCut).toBe(false);
    expect(yAxis(items, { least: 950, most: 1000, mayCut: false }, 100).isCut).toBe(false);
    expect(labels('total-items', 4_100_000, 4_180_000, true)).toEqual(['4.08M', '4.11M', '4.14M', '4.17M', '4.20M']);
  });

  it('keeps a steady gauge inside', () => {
    const steady = yAxis(panelOf('hash-list'), { least: 1000, most: 1000, mayCut: true }, 100);
    expect(steady.isCut).toBe(true);
    expect(steady.min).toBeLessThanOrEqual(1000);
    expect(steady.max).toBeGreaterThanOrEqual(1000);
  });

  it('holds every value between its ends, with no two labels alike and at most seven ticks', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...PANEL_IDS),
        fc.double({ min: 0, max: 1e15, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 20, max: 600 }),
        fc.boolean(),
        (id, top, share, height, mayCut) => {
          const panel = panelOf(id);
          const most = panel.unit === 'per cent' ? top % 100 : top;
          const axis = yAxis(panel, { least: most * share, most, mayCut }, height);
          expect(axis.min).toBeLessThanOrEqual(most * share * (1 + 1e-9));
          expect(axis.max).toBeGreaterThanOrEqual(most * (1 - 1e-9));
          expect(axis.ticks.length).toBeLessThanOrEqual(7);
          expect(new Set(axis.labels).size).toBe(axis.ticks.length);
          expect(axis.isCut).toBe(axis.min > 0);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('writes counts as people do', () => {
    expect(tickLabels('items', [0, 3600, 7200, 10_800])).toEqual(['0', '3.6k', '7.2k', '10.8k']);
  });
});
