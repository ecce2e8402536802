import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import type { JSX } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { panelOf } from '#shared/domain/usage/panels.ts';
import { ChartLegend, ChartTable, CursorScope, Sparkline, TimeChart } from '#renderer/charts/index.ts';
import { HOUR, NOVEMBER, panelData, type Given } from './panel-data.ts';
import { SOON } from '#test/patience.ts';

const items: Given = {
  parts: [
    { key: 'wildfire', label: 'WildFire', values: [1, 2, 3, 4] },
    { key: 'virustotal', label: 'VirusTotal', values: [10, 20, 30, 40] },
  ],
  before: [5, 6, null, 8],
};

const brushes: (readonly [number, number])[] = [];

function chart(given: Given = items): HTMLElement {
  const data = panelData(given);
  const panel = panelOf(data.panel);
  render(<TimeChart panel={panel} data={data} zone="utc" onBrush={(from, to) => brushes.push([from, to])} />);
  return screen.getByRole('group', { name: panel.title });
}

/** What is read out after a rest. */
function heard(element: HTMLElement): string {
  vi.advanceTimersByTime(300);
  vi.runOnlyPendingTimers();
  return element.querySelector('[aria-live]')?.textContent ?? '';
}

function press(element: HTMLElement, key: string, shiftKey = false): boolean {
  return fireEvent.keyDown(element, { key, shiftKey });
}

beforeEach(() => {
  vi.useFakeTimers();
  brushes.length = 0;
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe('a chart without eyes or pointer', () => {
  it('is one stop of the Tab key with a name and its summary', () => {
    const element = chart();
    expect(element.tabIndex).toBe(0);
    expect(element.getAttribute('aria-roledescription')).toBe('chart');
    const description = document.querySelector(`[id="${element.getAttribute('aria-describedby')}"]`);
    expect(description?.textContent).toBe('Outbound Items: 110 in 4 intervals.');
  });

  it('reads intervals out, from the latest on, after a rest only', async () => {
    const element = chart();
    press(element, 'ArrowLeft');
    expect(element.querySelector('[aria-live]')?.textContent).toBe('');
    await vi.waitFor(
      () => expect(heard(element)).toBe('12 Nov, 03:00 to 04:00: 44, WildFire 4, VirusTotal 40, 4 h before 8'),
      SOON,
    );
    press(element, 'ArrowLeft');
    await vi.waitFor(
      () => expect(heard(element)).toBe('12 Nov, 02:00 to 03:00: 33, WildFire 3, VirusTotal 30, 4 h before not known'),
      SOON,
    );
    press(element, 'Home');
    press(element, 'ArrowLeft');
    await vi.waitFor(() => expect(heard(element)).toContain('00:00 to 01:00: 11'), SOON);
    press(element, 'End');
    await vi.waitFor(() => expect(heard(element)).toContain('03:00 to 04:00: 44'), SOON);
  });

  it('moves by a tenth with the Page keys', async () => {
    const element = chart({ parts: [{ key: 'wildfire', values: Array.from({ length: 100 }, (_, index) => index) }] });
    press(element, 'Home');
    press(element, 'PageDown');
    await vi.waitFor(() => expect(heard(element)).toContain('10:00 to 11:00: 10'), SOON);
    press(element, 'PageDown');
    press(element, 'PageUp');
    await vi.waitFor(() => expect(heard(element)).toContain(': 10,'), SOON);
  });

  it('chooses whole intervals with Shift and Enter', async () => {
    const element = chart();
    press(element, 'Home');
    press(element, 'ArrowRight');
    press(element, 'ArrowRight', true);
    press(element, 'ArrowRight', true);
    await vi.waitFor(
      () => expect(heard(element)).toMatch(/^3 intervals chosen, Enter takes them\. 12 Nov, 03:00/),
      SOON,
    );
    press(element, 'Enter');
    expect(brushes).toEqual([[NOVEMBER + HOUR, NOVEMBER + 4 * HOUR]]);
  });

  it('keeps what was chosen while time moves on', () => {
    const panel = panelOf('outbound-items');
    const chartOf = (from: number): JSX.Element => (
      <TimeChart
        panel={panel}
        data={panelData({ ...items, from })}
        zone="utc"
        onBrush={(start, end) => brushes.push([start, end])}
      />
    );
    const { rerender } = render(chartOf(NOVEMBER));
    const element = screen.getByRole('group', { name: panel.title });
    press(element, 'End');
    press(element, 'ArrowLeft', true);
    rerender(chartOf(NOVEMBER + HOUR));
    press(element, 'Enter');
    expect(brushes).toEqual([[NOVEMBER + 2 * HOUR, NOVEMBER + 4 * HOUR]]);
  });

  it('gives a choice up with Escape, then the cursor, then lets Escape pass', async () => {
    const element = chart();
    press(element, 'Home');
    press(element, 'ArrowRight', true);
    expect(press(element, 'Escape')).toBe(false);
    press(element, 'Enter');
    expect(brushes).toEqual([]);
    await vi.waitFor(() => expect(heard(element)).toContain('01:00 to 02:00'), SOON);
    expect(press(element, 'Escape')).toBe(false);
    await vi.waitFor(() => expect(heard(element)).toBe(''), SOON);
    expect(press(element, 'Escape')).toBe(true);
  });

  it('leaves all other keys, and Enter without a choice, to the window', () => {
    const element = chart();
    expect(['j', 'k', '/', 'Enter', 'Tab', 'ArrowUp', 'ArrowDown'].map((key) => press(element, key))).toEqual(
      Array<boolean>(7).fill(true),
    );
  });

  it('goes on in another chart of the scope at the same moment', async () => {
    const daily = panelData({ panel: 'verdicts', step: 2 * HOUR, parts: [{ key: 'malicious', values: [7, 8] }] });
    const hourly = panelData(items);
    render(
      <CursorScope>
        <TimeChart panel={panelOf('outbound-items')} data={hourly} zone="utc" />
        <TimeChart panel={panelOf('verdicts')} data={daily} zone="utc" />
      </CursorScope>,
    );
    press(screen.getByRole('group', { name: 'Outbound Items' }), 'Home');
    const other = screen.getByRole('group', { name: 'Verdict mix' });
    expect(heard(other)).toBe('');
    press(other, 'ArrowRight');
    await vi.waitFor(() => expect(heard(other)).toBe('12 Nov, 02:00 to 04:00: 8, malicious 8'), SOON);
  });
});

describe('the same in other forms', () => {
  it('is a table with the latest first, unknown values as dashes', () => {
    const data = panelData(items);
    render(<ChartTable panel={panelOf('outbound-items')} data={data} zone="utc" />);
    const table = screen.getByRole('table', { name: /Outbound Items, items/ });
    const rows = within(table).getAllByRole('row');
    expect(rows.map((row) => [...row.children].map((cell) => cell.textContent))).toEqual([
      ['From (UTC)', 'WildFire', 'VirusTotal', 'All', '4 h before'],
      ['12 Nov 2026, 03:00', '4', '40', '44', '8'],
      ['12 Nov 2026, 02:00', '3', '30', '33', '–'],
      ['12 Nov 2026, 01:00', '2', '20', '22', '6'],
      ['12 Nov 2026, 00:00', '1', '10', '11', '5'],
    ]);
  });

  it('shows bytes in full', () => {
    const data = panelData({ panel: 'database-size', parts: [{ key: 'all', values: [2_476_543_210] }] });
    render(<ChartTable panel={panelOf('database-size')} data={data} zone="utc" />);
    expect(screen.getByRole('columnheader', { name: 'bytes' })).toBeDefined();
    expect(screen.getByRole('cell').textContent).toBe('2,476,543,210');
  });

  it('stops at 2,000 rows and says so', () => {
    const values = Array.from({ length: 2100 }, (_, index) => index);
    const data = panelData({ parts: [{ key: 'wildfire', values }], step: 60 });
    render(<ChartTable panel={panelOf('outbound-items')} data={data} zone="utc" />);
    expect(document.querySelectorAll('tbody tr')).toHaveLength(2000);
    expect(document.querySelector('tbody tr td')?.textContent).toBe('2,099');
    expect(screen.getByText('The latest 2,000 of 2,100 intervals. CSV holds them all.')).toBeDefined();
  });

  it('has a legend with totals where they are asked for', () => {
    const data = panelData(items);
    render(<ChartLegend panel={panelOf('outbound-items')} data={data} totals />);
    const parts = within(screen.getByRole('list', { name: 'Parts of Outbound Items' })).getAllByRole('listitem');
    expect(parts.map(({ textContent }) => textContent)).toEqual(['WildFire, 10', 'VirusTotal, 100']);
  });

  it('is a few small bars, open where nothing is known', () => {
    render(<Sparkline values={[0, 4, null, 2]} label="Items of 24 hours" kind="bars" />);
    const drawn = screen.getByRole('img', { name: 'Items of 24 hours' }).querySelector('path')?.getAttribute('d');
    expect(drawn).toBe('M25 24v-23h18.75V24zM75 24v-11.5h18.75V24z');
  });

  it('is a small line, broken where nothing is known', () => {
    render(<Sparkline values={[0, 4, null, 2]} label="Queue of 24 hours" kind="line" />);
    const drawn = screen.getByRole('img', { name: 'Queue of 24 hours' }).querySelector('path')?.getAttribute('d');
    expect(drawn).toBe('M12.5 23.5L37.5 0.5M75 12h25');
  });
});
