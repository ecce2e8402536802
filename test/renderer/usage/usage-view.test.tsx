import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { Fault } from '../fake-bridge.ts';
import { bootstrap } from '../world.ts';
import { choose, only, openUsage, panel, titles } from './open-usage.ts';
import { emptyPanel, panelData, usageAnswers } from './usage-world.ts';

const button = (name: string | RegExp): Promise<HTMLElement> => screen.findByRole('button', { name });
const range = (name: string): HTMLElement =>
  within(screen.getByRole('group', { name: 'Range' })).getByRole('button', { name });

describe('the board', () => {
  it('shows every panel as a region with its heading, figure, change and summary', async () => {
    await openUsage();
    const items = within(await panel('Outbound Items'));
    // Intervals 0 to 27, in two parts, against one part before.
    expect(await items.findByText('756')).toBeDefined();
    expect(items.getByText('+100 %')).toBeDefined();
    expect(items.getByText('Outbound Items in words.')).toBeDefined();
    expect(titles()).toHaveLength(22);
    expect(screen.getAllByRole('heading', { level: 2 }).map(({ textContent }) => textContent)).toEqual([
      'Resource usage',
      'Service usage',
      'What was not spent, what is left',
      'Quality',
    ]);
  });

  it('says how large the database may become, and the most that waited', async () => {
    await openUsage();
    expect(await within(await panel('Database Size')).findByText('of 8.59 GB')).toBeDefined();
    expect(await within(await panel('Outbound Processing Queue')).findByText(/^peak /)).toBeDefined();
  });

  it('defines each panel on request', async () => {
    await openUsage();
    fireEvent.click(await button('What Outbound Items means'));
    expect(await screen.findByText(/asked of two sources counts twice/)).toBeDefined();
  });

  it('asks for all panels over the same time, bars by whole intervals', async () => {
    const bridge = await openUsage();
    await waitFor(() => expect(bridge.inputsOf('usage.panel').length).toBeGreaterThan(20));
    // One more looks whether anything was recorded at all.
    const asked = bridge.inputsOf('usage.panel').filter(({ from }) => from > 0);
    expect(new Set(asked.map(({ from, to }) => `${from} ${to}`)).size).toBe(1);
    const bars = asked.filter((one) => one.panel === 'flips');
    expect(bars.map(({ points, to, from }) => [points, to - from])).toEqual([[28, 7 * 86_400]]);
  });

  it('chooses a range, remembers it, and goes back', async () => {
    const bridge = await openUsage({}, only('flips'));
    expect(screen.queryByRole('button', { name: /^Back to/ })).toBeNull();
    fireEvent.click(range('30 d'));
    expect(range('30 d').getAttribute('aria-pressed')).toBe('true');
    await waitFor(() => {
      const asked = bridge.inputsOf('usage.panel').findLast((one) => one.panel === 'flips');
      expect([asked?.points, (asked?.to ?? 0) - (asked?.from ?? 0)]).toEqual([30, 30 * 86_400]);
    });
    fireEvent.click(range('90 d'));
    fireEvent.click(await button('Back to 30 d'));
    expect(range('30 d').getAttribute('aria-pressed')).toBe('true');
    fireEvent.keyDown(document.body, { key: 'ArrowLeft', altKey: true });
    expect(range('7 d').getAttribute('aria-pressed')).toBe('true');
    expect(screen.queryByRole('button', { name: /^Back to/ })).toBeNull();
    expect(bridge.inputsOf('preferences.set').map(({ board }) => board?.range)).toEqual(['30d', '90d', '30d', '7d']);
  });

  it('compares with the time before, or not', async () => {
    const bridge = await openUsage({}, only('outbound-items'));
    fireEvent.click(await screen.findByRole('checkbox', { name: 'Compare with the 7 d before' }));
    await waitFor(() => expect(bridge.inputsOf('usage.panel').at(-1)?.compare).toBe(false));
    // Without a time before, the most in one interval stands there.
    expect(await within(await panel('Outbound Items')).findByText('peak 54')).toBeDefined();
  });

  it('breaks a panel down another way and remembers it', async () => {
    const bridge = await openUsage({}, only('total-items'));
    fireEvent.change(await screen.findByRole('combobox', { name: 'Total Items: parts' }), {
      target: { value: 'status' },
    });
    await waitFor(() => {
      const asked = bridge.inputsOf('usage.panel').findLast((one) => one.panel === 'total-items');
      expect(asked?.split).toBe('status');
    });
    expect(bridge.inputsOf('preferences.set').at(-1)?.board?.splits).toEqual({ 'total-items': 'status' });
  });

  it('shows one panel as a table, and all of them', async () => {
    await openUsage({}, only('outbound-items', 'flips', 'latency', 'quota-saved'));
    await screen.findByText('Outbound Items in words.');
    await choose('Outbound Items', 'Table');
    const table = await within(await panel('Outbound Items')).findByRole('table');
    expect(within(table).getAllByRole('row')).toHaveLength(29);
    fireEvent.click(await button('Table'));
    await waitFor(() => expect(screen.getAllByRole('table')).toHaveLength(4));
    fireEvent.click(await button('Table'));
    await waitFor(() => expect(screen.getAllByRole('table')).toHaveLength(1));
  });

  it('opens with the layout that was kept', async () => {
    await openUsage(
      {},
      {
        ...only('outbound-queue', 'outbound-requests', 'flips'),
        range: '24h',
        order: ['outbound-items', 'outbound-requests', 'outbound-queue'],
        tables: true,
      },
    );
    await panel('Outbound API Requests');
    expect(titles()).toEqual(['Outbound API Requests', 'Outbound Processing Queue', 'Verdict flips']);
    expect(await screen.findAllByRole('table')).toHaveLength(3);
    expect(range('24 h').getAttribute('aria-pressed')).toBe('true');
    expect(screen.getByRole('button', { name: 'Show Outbound Items' })).toBeDefined();
  });

  it('teaches while nothing was ever recorded, and offers the demonstration', async () => {
    const bridge = await openUsage({
      'app.bootstrap': () => bootstrap({ canStartDemo: true }),
      'app.startDemo': () => ({}),
      'usage.panel': (asked) => emptyPanel(asked),
    });
    expect(await screen.findByText('Nothing was received or asked yet.')).toBeDefined();
    fireEvent.click(await button('Start the demonstration'));
    await waitFor(() => expect(bridge.inputsOf('app.startDemo')).toHaveLength(1));
    expect(within(await panel('Outbound Items')).getByText('–')).toBeDefined();
  });
});

describe('a fault of one panel', () => {
  it('is said in it alone, and what was read before stays', async () => {
    let isBroken = true;
    const bridge = await openUsage(
      {
        'usage.panel': (asked) =>
          isBroken && asked.panel === 'flips' ? new Fault('The database is locked by a backup.') : panelData(asked),
      },
      only('flips', 'latency'),
    );
    const flips = within(await panel('Verdict flips'));
    expect((await flips.findByRole('alert')).textContent).toContain('locked by a backup');
    expect(screen.getAllByRole('alert')).toHaveLength(1);
    isBroken = false;
    fireEvent.click(flips.getByRole('button', { name: 'Try again' }));
    expect(await flips.findByText('756')).toBeDefined();
    expect(flips.queryByRole('alert')).toBeNull();

    bridge.answers['usage.panel'] = () => new Fault('The disk is full.');
    act(() => bridge.push('changed', { kinds: ['items'], intakeIds: [] }));
    expect(await flips.findByRole('alert')).toBeDefined();
    expect(flips.getByText('756')).toBeDefined();
  });

  it('does not take a failed first look for an empty board', async () => {
    await openUsage({ 'usage.panel': () => new Fault('The disk is full.') });
    await waitFor(() => expect(screen.getAllByRole('alert').length).toBeGreaterThan(15));
    expect(screen.queryByText('Nothing was received or asked yet.')).toBeNull();
  });
});

describe('pushes', () => {
  it('ask for the board again, many at once only once', async () => {
    const bridge = await openUsage(usageAnswers());
    await waitFor(() => expect(bridge.inputsOf('usage.panel').length).toBeGreaterThan(20));
    const flips = (): number => bridge.inputsOf('usage.panel').filter((one) => one.panel === 'flips').length;
    const before = [flips(), bridge.inputsOf('usage.forecast').length] as const;
    act(() => {
      for (let count = 0; count < 20; count += 1) {
        bridge.push('changed', { kinds: ['queue', 'items', 'sources'], intakeIds: [] });
      }
    });
    await waitFor(() => expect(flips()).toBe(before[0] + 1));
    // Longer than other views wait between two looks.
    await new Promise((resolve) => {
      setTimeout(resolve, 600);
    });
    expect([flips(), bridge.inputsOf('usage.forecast').length]).toEqual([before[0] + 1, before[1] + 1]);
  });
});
