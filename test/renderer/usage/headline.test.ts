import { describe, expect, it } from 'vitest';
import type { PanelData } from '#shared/contract/usage.ts';
import { panelOf, type PanelId } from '#shared/domain/usage/panels.ts';
import { headlineOf } from '#renderer/features/usage/panels/headline.ts';
import { panelData } from './usage-world.ts';

const CAP = 8 * 1024 ** 3;
const noteOf = (panel: PanelId, change: Partial<PanelData>, compare = true): string => {
  const data = panelData({ panel, from: 700_000, to: 1_304_800, points: 28, compare, split: undefined });
  return headlineOf(panelOf(panel), { ...data, peak: 60, ...change }, CAP).note;
};
const before = (total: number | null, values: readonly (number | null)[] = [1]): PanelData['before'] => ({
  values: [...values],
  total,
});

describe('the figure of a panel', () => {
  it('changes by a share where things happened, by as much as it differs where things are kept', () => {
    expect(noteOf('outbound-items', { total: 112, before: before(100) })).toBe('+12 %');
    expect(noteOf('latency', { total: 90, before: before(100) })).toBe('−10 %');
    expect(noteOf('total-items', { total: 1200, before: before(1500) })).toBe('−300');
    expect(noteOf('hash-list', { total: 1500, before: before(1500) })).toBe('as before');
    expect(noteOf('coverage', { total: 79.34, before: before(81) })).toBe('−1.7 points');
  });

  it('says the most where there is nothing to compare with', () => {
    expect(noteOf('outbound-items', { total: 112 }, false)).toBe('peak 60');
    expect(noteOf('outbound-items', { total: 112, before: before(null) })).toBe('peak 60');
    expect(noteOf('outbound-items', { total: 112, before: before(0) })).toBe('peak 60');
    expect(noteOf('coverage', { total: 79 }, false)).toBe('');
  });

  it('makes no change of a time before that was counted in part only; what is kept has one at its end', () => {
    expect(noteOf('outbound-items', { total: 112, before: before(1, [null, 1]) })).toBe('peak 60');
    expect(noteOf('outbound-items', { total: 112, before: before(100, [99, 1]) })).toBe('+12 %');
    expect(noteOf('total-items', { total: 1200, before: before(1500, [null, 1500]) })).toBe('−300');
  });

  it('claims nothing where nothing is known', () => {
    const data = panelData({ panel: 'flips', from: 0, to: 600, points: 10, compare: true, split: undefined });
    const nothing = { ...data, total: null, peak: null, before: before(null), recordedSince: null };
    expect(headlineOf(panelOf('flips'), nothing, CAP)).toEqual({ now: '–', note: '', hint: '' });
  });
});
