import { describe, expect, it } from 'vitest';
import { PANEL_IDS } from '#shared/domain/usage/panels.ts';
import { defaultPreferences } from '#shared/settings/schema.ts';
import {
  chartsOf,
  hiddenOf,
  isChanged,
  moved,
  reset,
  sectionsOf,
  withHidden,
  type BoardPreferences,
} from '#renderer/features/usage/board/layout.ts';

const FIRST: BoardPreferences = defaultPreferences().board;

const idsOf = (board: BoardPreferences): readonly string[] =>
  sectionsOf(board).flatMap(({ panels }) => panels.map(({ id }) => id));

describe('layout of the board', () => {
  it('shows every panel once at first, in the order of their sections', () => {
    const sections = sectionsOf(FIRST);
    expect(sections.map(({ section }) => section)).toEqual([
      'Resource usage',
      'Service usage',
      'What was not spent, what is left',
      'Quality',
    ]);
    expect([...new Set(idsOf(FIRST))].sort()).toEqual(
      [...PANEL_IDS, 'quota-saved', 'quota-forecast', 'failure-reasons'].sort(),
    );
    expect(chartsOf(FIRST)).toEqual(PANEL_IDS);
    expect(isChanged(FIRST)).toBe(false);
  });

  it('moves a panel past its neighbour and back, and nothing else', () => {
    const up = moved(FIRST, 'outbound-requests', -1);
    expect(idsOf(up).slice(0, 3)).toEqual(['outbound-items', 'outbound-requests', 'outbound-queue']);
    expect(idsOf(up).slice(3)).toEqual(idsOf(FIRST).slice(3));
    expect(idsOf(moved(up, 'outbound-requests', 1))).toEqual(idsOf(FIRST));
  });

  it('moves past the next panel in sight, over hidden ones', () => {
    const hidden = withHidden(FIRST, 'outbound-queue', true);
    const down = moved(hidden, 'outbound-items', 1);
    expect(idsOf(down).slice(0, 2)).toEqual(['outbound-requests', 'outbound-items']);
    expect(idsOf(moved(hidden, 'outbound-requests', -1)).slice(0, 2)).toEqual(['outbound-requests', 'outbound-items']);
  });

  it('keeps the first and the last panel of a section in it', () => {
    expect(moved(FIRST, 'outbound-items', -1)).toBe(FIRST);
    expect(moved(FIRST, 'database-size', 1)).toBe(FIRST);
    expect(moved(withHidden(FIRST, 'database-size', true), 'outbound-failed', 1).order).toEqual([]);
  });

  it('hides a panel and shows it in its old place', () => {
    const hidden = withHidden(FIRST, 'inbound-items', true);
    expect(idsOf(hidden)).not.toContain('inbound-items');
    expect(hiddenOf(hidden).map(({ id }) => id)).toEqual(['inbound-items']);
    expect(chartsOf(hidden)).not.toContain('inbound-items');
    expect(idsOf(withHidden(hidden, 'inbound-items', false))).toEqual(idsOf(FIRST));
  });

  it('leaves out a section of which nothing is in sight', () => {
    const board = ['quota-saved', 'quota-forecast', 'calls-avoided', 'quota-used'].reduce<BoardPreferences>(
      (before, id) => ({ ...before, hidden: [...before.hidden, id] }),
      FIRST,
    );
    expect(sectionsOf(board).map(({ section }) => section)).toEqual(['Resource usage', 'Service usage', 'Quality']);
  });

  it('reads an order of another version: unknown names are left out, new panels keep their place', () => {
    const board = { ...FIRST, order: ['of-tomorrow', 'database-size', 'outbound-items'], hidden: ['of-yesterday'] };
    expect(idsOf(board).slice(0, 6)).toEqual([
      'database-size',
      'outbound-items',
      'outbound-queue',
      'outbound-requests',
      'outbound-successful',
      'outbound-failed',
    ]);
    expect(hiddenOf(board)).toEqual([]);
  });

  it('goes back to the first layout and keeps range and comparison', () => {
    const board: BoardPreferences = {
      ...moved(withHidden(FIRST, 'flips', true), 'hash-list', -1),
      range: '90d',
      compare: false,
      tables: true,
      splits: { 'total-items': 'status' },
    };
    expect(isChanged(board)).toBe(true);
    expect(reset(board)).toEqual({ ...FIRST, range: '90d', compare: false });
  });
});
