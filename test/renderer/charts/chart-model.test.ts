// @vitest-environment node
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { panelOf, type PanelId } from '#shared/domain/usage/panels.ts';
import { SOURCE_IDS } from '#shared/domain/source.ts';
import { STATUSES } from '#shared/domain/status.ts';
import { chartModel, hasDirectLabels, type ChartModel } from '#renderer/charts/chart-model.ts';
import { coloursOf, SERIES_COLOURS } from '#renderer/charts/colour-names.ts';
import { panelData, type Given } from './panel-data.ts';

const model = (given: Given): ChartModel => chartModel(panelOf(given.panel ?? 'outbound-items'), panelData(given));

describe('what a chart draws', () => {
  it('stacks bars in the order of the parts', () => {
    const { parts, most } = model({
      parts: [
        { key: 'wildfire', values: [3, 0, 5] },
        { key: 'virustotal', values: [1, 2, 0] },
      ],
    });
    expect(parts.map(({ lows, highs }) => [lows, highs])).toEqual([
      [
        [0, 0, 0],
        [3, 0, 5],
      ],
      [
        [3, 0, 5],
        [4, 2, 5],
      ],
    ]);
    expect(most).toBe(5);
  });

  it('keeps parts in the order of their kind, whatever is most', () => {
    const { parts } = model({
      parts: ['virustotal', 'something', 'wildfire', 'reversinglabs-a1000'].map((key) => ({ key, values: [1] })),
    });
    expect(parts.map(({ key }) => key)).toEqual(['wildfire', 'reversinglabs-a1000', 'virustotal', 'something']);
    const { parts: statuses } = model({
      panel: 'verdicts',
      parts: ['unknown', 'malicious', 'pending'].map((key) => ({ key, values: [1] })),
    });
    expect(statuses.map(({ key }) => key)).toEqual(['malicious', 'pending', 'unknown']);
  });

  it('leaves a gap where nothing is known, and only there', () => {
    const { parts } = model({
      panel: 'outbound-queue',
      parts: [
        { key: 'wildfire', values: [3, null, null] },
        { key: 'virustotal', values: [1, 2, null] },
      ],
    });
    expect(parts.map(({ highs }) => highs)).toEqual([
      [3, 0, null],
      [4, 2, null],
    ]);
  });

  it('does not stack lines', () => {
    const { parts, isStacked } = model({
      panel: 'latency',
      parts: [
        { key: 'wildfire', values: [300, null] },
        { key: 'virustotal', values: [200, 100] },
      ],
    });
    expect(isStacked).toBe(false);
    expect(parts.map(({ highs }) => highs)).toEqual([
      [300, null],
      [200, 100],
    ]);
  });

  it('makes room for the time before', () => {
    expect(model({ parts: [{ key: 'wildfire', values: [1, 2] }], before: [9, null] }).most).toBe(9);
  });

  it('does not hold the sum of the time before against lines that are parts of one', () => {
    const sides = ['malicious', 'non-malicious'].map((key) => ({ key, values: [5] }));
    expect(model({ panel: 'hash-list', parts: sides, before: [9] })).toMatchObject({ before: null, most: 5 });
    expect(model({ panel: 'hash-list', parts: sides.slice(0, 1), before: [9] }).before).toEqual([9]);
    const sources = ['wildfire', 'virustotal'].map((key) => ({ key, values: [200] }));
    expect(model({ panel: 'latency', parts: sources, before: [190] }).before).toEqual([190]);
  });

  it('draws at most six parts, the smaller ones together, and loses nothing', () => {
    const keys = ['auth', 'quota', 'transient', 'protocol', 'lost', 'invalid-input', 'could-not-ask', 'else'];
    const { parts } = model({
      panel: 'outbound-failed',
      parts: keys.map((key, index) => ({ key, values: [80 - index * 10, null] })),
    });
    expect(parts.map(({ label, total }) => [label, total])).toEqual([
      ['auth', 80],
      ['quota', 70],
      ['transient', 60],
      ['protocol', 50],
      ['lost', 40],
      ['3 others', 60],
    ]);
    expect(parts.at(-1)?.highs).toEqual([360, null]);
    expect(new Set(parts.map(({ colour }) => colour)).size).toBe(6);
  });

  it.each<[string, Given, string | null]>([
    ['never recorded', { parts: [], totals: [null, null], recordedSince: null }, 'Nothing has been recorded yet.'],
    ['not recorded then', { parts: [], totals: [null, null] }, 'Nothing was recorded in this time.'],
    ['none happened', { parts: [], totals: [0, 0] }, 'None in this time.'],
    ['a gauge at 0', { panel: 'outbound-queue', parts: [{ key: 'wildfire', values: [0, 0] }] }, 'None in this time.'],
    ['no per cent is a finding', { panel: 'coverage', parts: [{ key: 'all', values: [0, 0] }] }, null],
    ['one value', { parts: [{ key: 'wildfire', values: [null, 1] }] }, null],
  ])('tells empty from unknown: %s', (_name, given, sentence) => {
    const count = given.totals?.length ?? 2;
    expect(model({ ...given, count }).empty).toBe(sentence);
  });

  it('names lines at their ends where they are statuses', () => {
    const named = (panel: PanelId, keys: readonly string[]): boolean =>
      hasDirectLabels(panelOf(panel), panelData({ panel, parts: keys.map((key) => ({ key, values: [1] })) }));
    expect(named('hash-list', ['malicious', 'non-malicious'])).toBe(true);
    expect(named('latency', ['wildfire'])).toBe(false);
    expect(named('verdicts', ['malicious'])).toBe(false);
  });
});

describe('colours of parts', () => {
  it('are those of the statuses', () => {
    expect(coloursOf(STATUSES)).toEqual([
      'status-malicious-mark',
      'status-suspicious-mark',
      'status-nonmalicious-mark',
      'status-pending-mark',
      'status-unknown-mark',
    ]);
    expect(coloursOf(['to-malicious', 'from-malicious'])).toEqual([
      'status-malicious-mark',
      'status-nonmalicious-mark',
    ]);
  });

  it('belong to a source, whichever others are there and in whatever order', () => {
    const all = coloursOf(SOURCE_IDS);
    expect(new Set(all).size).toBe(5);
    expect(coloursOf(['virustotal', 'wildfire'])).toEqual([all[4], all[0]]);
  });

  it('are six for six parts nobody has heard of', () => {
    expect(new Set(coloursOf(['f', 'e', 'd', 'c', 'b', 'a'])).size).toBe(6);
  });

  const css = readFileSync(fileURLToPath(new URL('../../../src-renderer/styles/tokens.css', import.meta.url)), 'utf8');
  const [light = '', dark = ''] = css.split(":root[data-theme='dark']");
  it.each([
    ['light', light],
    ['dark', dark],
  ])('stand 3:1 against the surface, %s', (_name, tokens) => {
    const token = (name: string): string => new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(tokens)?.[1] ?? '';
    const names = [...SERIES_COLOURS, ...coloursOf(STATUSES)];
    const weak = names.filter((name) => contrast(token(name), token('surface-content')) < 3);
    expect(weak).toEqual([]);
  });
});

/** Contrast ratio as WCAG 2 defines it. */
function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((left, right) => left - right);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((share) => (share <= 0.039_28 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
