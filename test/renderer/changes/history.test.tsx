import { act, fireEvent, render, screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { ChangeRow, ItemChange } from '#shared/contract/history.ts';
import { lookUp } from '#renderer/app/look-up.ts';
import { openIntake } from '#renderer/app/store.ts';
import { drawn, runs, spanOf } from '#renderer/components/history/lane-drawing.ts';
import { Lanes } from '#renderer/components/history/lanes.tsx';
import { result } from '../lookup/lookup-world.ts';
import { filledGrid, openWindow } from '../window.tsx';
import { hashOf, NOW } from '../world.ts';
import { change, DAY, lane } from './changes-world.ts';

const MOVED = lane(
  'wildfire',
  ['unknown', NOW - 30 * DAY],
  ['non-malicious', NOW - 20 * DAY],
  ['malicious', NOW - 5 * DAY],
);

/** The change alone, without the file and the lists it touches. */
function plain({ fileId: _f, digests: _d, intakes: _i, intakeCount: _c, ...rest }: ChangeRow): ItemChange {
  return rest;
}

/** The detail of the first row. */
async function openDetail(): Promise<void> {
  act(() => openIntake(7));
  const grid = await filledGrid();
  fireEvent.keyDown(grid, { key: 'ArrowDown' });
  fireEvent.keyDown(grid, { key: 'ArrowUp' });
  await screen.findByRole('complementary', { name: 'Detail of the row' });
}

describe('lanes', () => {
  it('fill the time without gaps', () => {
    const pieces = drawn(MOVED, spanOf([MOVED], NOW));
    expect(pieces.map(({ left, width }) => [Math.round(left), Math.round(width)])).toEqual([
      [0, 33],
      [33, 50],
      [83, 17],
    ]);
  });

  it('draw stretches of one status as one', () => {
    const same = lane('virustotal', ['malicious', 10], ['malicious', 20], ['non-malicious', 30]);
    expect(runs(same.stretches)).toEqual([
      { status: 'malicious', from: 10, to: 30 },
      { status: 'non-malicious', from: 30, to: null },
    ]);
  });

  it('of marks that would hide one another show the newest', () => {
    const states = Array.from({ length: 1000 }, (_, at): readonly [string, number] => [
      at % 2 === 0 ? 'malicious' : 'non-malicious',
      NOW - 1000 * 60 + at * 60,
    ]);
    const busy = lane('virustotal', ...states);
    const pieces = drawn(busy, spanOf([busy], NOW));
    expect(pieces).toHaveLength(1000);
    const marked = pieces.filter(({ isMarked }) => isMarked);
    expect(marked.length).toBeLessThan(100);
    expect(marked.at(-1)).toBe(pieces.at(-1));
  });

  it('say in words what they show', () => {
    render(<Lanes lanes={[MOVED]} zone="utc" now={NOW} />);
    expect(screen.getByRole('img').getAttribute('aria-label')).toBe(
      'WildFire: unknown from 19 Oct 2026, non-malicious from 29 Oct 2026, malicious since 13 Nov 2026',
    );
  });
});

describe('the axis', () => {
  const marks = (from: number): readonly (string | null)[] => {
    const { container } = render(<Lanes lanes={[lane('wildfire', ['malicious', from])]} zone="utc" now={NOW} />);
    return [...container.querySelectorAll('.laneaxis .lanetrack > span')].map((mark) => mark.textContent);
  };

  it('tells days, and times where days would repeat', () => {
    const days = marks(NOW - 40 * DAY);
    expect(days.slice(0, 4)).toEqual(days.slice(0, 4).map(() => expect.stringMatching(/^\d+ \w+ \d{4}$/)));
    const times = marks(NOW - 3600);
    expect(new Set(times).size).toBe(5);
    expect(times[0]).toMatch(/^\d+ \w+, \d\d:\d\d$/);
  });
});

describe('history', () => {
  const answers = {
    'history.ofHash': () => ({ lanes: [MOVED], changes: [plain(change(120))], total: 1 }),
  };

  it('stands in the look-up as lines, and as a table', async () => {
    await openWindow({
      ...answers,
      'lookup.find': () => ({ results: [result(0)], hashes: 1, rejected: [], problems: [], elapsedMs: 1 }),
    });
    lookUp(hashOf(0));
    const section = within(await screen.findByRole('region', { name: 'History' }));
    expect(section.getByText(/^Turned malicious at WildFire on 2026-11-/)).toBeDefined();
    expect(section.getByRole('img')).toBeDefined();
    fireEvent.click(section.getByRole('button', { name: 'Table' }));
    const row = section.getAllByRole('row')[1];
    expect(row?.textContent).toContain('WildFiremaliciousnon-malicious to maliciousturned malicious');
  });

  it('stands in the detail of a row, compactly', async () => {
    await openWindow(answers);
    await openDetail();
    const section = within(await screen.findByRole('region', { name: 'History' }));
    expect(section.getByText('WildFire: malicious since 13 Nov 2026; was non-malicious for 15 days')).toBeDefined();
  });

  it('is left out where no source ever said anything else', async () => {
    await openWindow({
      'history.ofHash': () => ({ lanes: [lane('wildfire', ['malicious', NOW])], changes: [], total: 0 }),
    });
    await openDetail();
    await screen.findByRole('heading', { name: 'Sources' });
    expect(screen.queryByRole('region', { name: 'History' })).toBeNull();
  });
});
