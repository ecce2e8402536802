import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { openUsage, panel } from './open-usage.ts';
import { forecast } from './usage-world.ts';

const cells = (table: HTMLElement): readonly (readonly string[])[] =>
  within(table)
    .getAllByRole('row')
    .map((row) => [...row.children].map(({ textContent }) => textContent));

describe('quota forecast', () => {
  it('says of each quota what is spent, what to expect, and when it ends', async () => {
    await openUsage();
    const frame = within(await panel('Quota forecast'));
    const rows = cells(await frame.findByRole('table'));
    expect(rows[0]).toEqual([
      'Source',
      'Window',
      'Spent',
      'Limit',
      'Share',
      'Expected',
      'Window ends, UTC',
      'At this pace',
    ]);
    expect(rows[2]).toEqual([
      'VirusTotal',
      'day',
      '293',
      '500',
      '',
      '880',
      '2026-11-19 02:46',
      'VirusTotal’s day ends at 14:10 UTC at this pace.',
    ]);
    // 2026-11-18 11:06:40 and 17,000 seconds.
    expect(frame.getByText('15:50')).toBeDefined();
    expect(frame.getByText('first to end, VirusTotal, UTC')).toBeDefined();
  });

  it('claims no figure where there is nothing to tell a pace from', async () => {
    await openUsage({
      'usage.forecast': () => ({
        at: 1_795_000_000,
        rows: [forecast({ basis: 'none', usedUpAt: null, expected: 0, spent: 0, sentence: 'VirusTotal is paused.' })],
      }),
    });
    const rows = cells(await within(await panel('Quota forecast')).findByRole('table'));
    expect(rows[1]?.slice(5)).toEqual(['–', '2026-11-19 02:46', 'VirusTotal is paused.']);
    expect(within(await panel('Quota forecast')).queryByText(/first to end/)).toBeNull();
  });

  it('teaches while no source has a limit', async () => {
    await openUsage({ 'usage.forecast': () => ({ at: 1_795_000_000, rows: [] }) });
    expect(await screen.findByText(/No source with a limit is switched on/)).toBeDefined();
  });
});

describe('quota saved', () => {
  it('counts calls, days of quota, and the price where one is set', async () => {
    await openUsage();
    const frame = within(await panel('Quota saved'));
    expect(cells(await frame.findByRole('table'))).toEqual([
      ['Source', 'Pairs', 'Calls', 'Quota days', 'EUR'],
      ['WildFire', '900', '9', '0.4', '–'],
      ['VirusTotal', '1,200', '1,200', '2.4', '60.50'],
    ]);
    expect(frame.getByText('1,209')).toBeDefined();
    expect(frame.getByText('60.50 EUR')).toBeDefined();
  });

  it('has no column for a price where none is set', async () => {
    await openUsage({
      'usage.saved': () => ({
        currency: '',
        rows: [{ source: 'wildfire', pairs: 900, calls: 9, days: null, price: null }],
      }),
    });
    const frame = within(await panel('Quota saved'));
    expect(cells(await frame.findByRole('table'))).toEqual([
      ['Source', 'Pairs', 'Calls', 'Quota days'],
      ['WildFire', '900', '9', '–'],
    ]);
  });

  it('covers the range of the board', async () => {
    const bridge = await openUsage();
    await waitFor(() => expect(bridge.inputsOf('usage.saved')).toHaveLength(1));
    fireEvent.click(await screen.findByRole('button', { name: '90 d' }));
    await waitFor(() => {
      const asked = bridge.inputsOf('usage.saved').at(-1);
      expect((asked?.to ?? 0) - (asked?.from ?? 0)).toBe(90 * 86_400);
    });
    expect(bridge.inputsOf('usage.failures').at(-1)).toEqual(bridge.inputsOf('usage.saved').at(-1));
  });
});

describe('failure reasons', () => {
  it('counts them by source and reason, most frequent first', async () => {
    await openUsage();
    const frame = within(await panel('Failure reasons'));
    expect(cells(await frame.findByRole('table'))).toEqual([
      ['Source', 'limit met', 'service or network failed', 'Together'],
      ['WildFire', '0', '3', '3'],
      ['VirusTotal', '41', '2', '43'],
    ]);
    expect(frame.getByText('46')).toBeDefined();
  });

  it('says that nothing failed', async () => {
    await openUsage({ 'usage.failures': () => ({ rows: [] }) });
    expect(await screen.findByText('No request failed in this time.')).toBeDefined();
  });
});
