import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { PANEL_IDS } from '#shared/domain/usage/panels.ts';
import { Fault } from '../fake-bridge.ts';
import { choose, only, openUsage, panel } from './open-usage.ts';

const button = (name: string | RegExp): Promise<HTMLElement> => screen.findByRole('button', { name });
const told = async (words: string): Promise<void> =>
  waitFor(() => expect(screen.getByRole('main').textContent).toContain(words));

async function fill(from: string, to: string): Promise<void> {
  const form = within(await screen.findByRole('form', { name: 'Custom range' }));
  fireEvent.change(form.getByLabelText('From'), { target: { value: from } });
  fireEvent.change(form.getByLabelText('to before'), { target: { value: to } });
  fireEvent.click(form.getByRole('button', { name: 'Show' }));
}

describe('a custom range', () => {
  it('is filled in with what is shown, and shows what is chosen', async () => {
    const bridge = await openUsage();
    fireEvent.click(await button('Custom'));
    const form = within(await screen.findByRole('form', { name: 'Custom range' }));
    expect(form.getByText('UTC')).toBeDefined();
    expect(form.getByLabelText<HTMLInputElement>('From').value).toMatch(/^\d{4}-\d\d-\d\dT(00|06|12|18):00$/);
    await fill('2026-01-02T03:00', '2026-01-04T00:00');
    await waitFor(() =>
      expect(bridge.inputsOf('usage.panel').findLast((one) => one.panel === 'flips')).toMatchObject({
        from: Date.UTC(2026, 0, 2, 3) / 1000,
        to: Date.UTC(2026, 0, 4) / 1000,
      }),
    );
    expect(screen.queryByRole('form', { name: 'Custom range' })).toBeNull();
    expect(document.activeElement).toBe(await button('Custom'));
    expect(await screen.findByRole('checkbox', { name: 'Compare with as long before' })).toBeDefined();
    expect(screen.getByText('2 Jan 2026, 03:00 to 4 Jan 2026, 00:00 UTC')).toBeDefined();
  });

  it('says what is wrong at the field, and asks for nothing', async () => {
    const bridge = await openUsage();
    await panel('Outbound Items');
    fireEvent.click(await button('Custom'));
    await fill('2026-01-04T00:00', '2026-01-02T03:00');
    const end = screen.getByLabelText('to before');
    expect(end.getAttribute('aria-invalid')).toBe('true');
    expect(document.activeElement).toBe(end);
    expect(screen.getByText(/ends before it begins/).id).toBe(end.getAttribute('aria-describedby'));
    await fill('', '2026-01-02T03:00');
    expect(screen.getByLabelText('From').getAttribute('aria-invalid')).toBe('true');
    expect(bridge.inputsOf('preferences.set')).toEqual([]);
    fireEvent.keyDown(end, { key: 'Escape' });
    expect(screen.queryByRole('form', { name: 'Custom range' })).toBeNull();
  });
});

describe('exports of the board', () => {
  it('write all panels in sight, broken down as they are shown', async () => {
    const bridge = await openUsage(
      { 'usage.export': () => ({ path: '/home/kim/usage.csv', rows: 1234 }) },
      { hidden: ['flips', 'quota-saved'], splits: { 'total-items': 'status', flips: 'source', latency: 'gone' } },
    );
    fireEvent.click(await button('CSV'));
    await waitFor(() =>
      expect(bridge.inputsOf('usage.export')).toEqual([
        expect.objectContaining({
          format: 'csv',
          points: 28,
          compare: true,
          panels: PANEL_IDS.filter((id) => id !== 'flips'),
          splits: { 'total-items': 'status' },
        }),
      ]),
    );
  });

  it('say that they are written, one at a time, until the file is there or none was chosen', async () => {
    let end: (path: string | null) => void = () => undefined;
    const written = new Promise<string | null>((resolve) => {
      end = resolve;
    });
    const bridge = await openUsage({ 'usage.export': async () => ({ path: await written, rows: 0 }) });
    fireEvent.click(await button('HTML'));
    expect(await button('Writing…')).toBeDefined();
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'CSV' }).disabled).toBe(true);
    end(null);
    expect(await button('HTML')).toBeDefined();
    expect(bridge.inputsOf('usage.export')).toHaveLength(1);
  });

  it('hold the tables of the board in HTML, and each of them alone as CSV', async () => {
    const written = { path: '/home/kim/board', rows: 3 };
    const bridge = await openUsage(
      { 'usage.export': () => written, 'usage.exportTable': () => written },
      only('flips', 'quota-saved', 'failure-reasons'),
    );
    fireEvent.click(await button('HTML'));
    await waitFor(() =>
      expect(bridge.inputsOf('usage.export')).toMatchObject([
        { format: 'html', panels: ['flips'], tables: ['quota-saved', 'failure-reasons'] },
      ]),
    );
    await within(await panel('Failure reasons')).findByRole('table');
    await choose('Failure reasons', 'CSV');
    const [{ from, to } = { from: 0, to: 0 }] = bridge.inputsOf('usage.export');
    await waitFor(() => expect(bridge.inputsOf('usage.exportTable')).toEqual([{ table: 'failure-reasons', from, to }]));
  });

  it('write one panel alone, and say what failed', async () => {
    const bridge = await openUsage({ 'usage.export': () => new Fault('/media/stick is full. Nothing was written.') });
    await screen.findByText('Verdict flips in words.');
    await choose('Verdict flips', 'CSV');
    await told('/media/stick is full.');
    expect(bridge.inputsOf('usage.export')[0]?.panels).toEqual(['flips']);
    expect((await button('CSV')).hasAttribute('disabled')).toBe(false);
  });
});

describe('an export that was stopped', () => {
  it('is no fault', async () => {
    const stopped = new Fault('Cancelled. /home/kim/usage.csv was not written.', 'CANCELLED');
    await openUsage({ 'usage.export': () => stopped });
    fireEvent.click(await button('CSV'));
    await waitFor(async () => expect((await button('CSV')).hasAttribute('disabled')).toBe(false));
    expect(screen.queryByRole('alert')).toBeNull();
  });
});

describe('the palette', () => {
  it('opens the board with a range from another view', async () => {
    const bridge = await openUsage();
    fireEvent.keyDown(document.body, { key: '4' });
    fireEvent.keyDown(document.body, { key: 'k', ctrlKey: true });
    fireEvent.click(await screen.findByRole('option', { name: 'Usage: the last 90 days' }));
    expect(await screen.findByRole('heading', { name: 'Usage', level: 1 })).toBeDefined();
    await waitFor(() => expect(bridge.inputsOf('preferences.set').at(-1)?.board?.range).toBe('90d'));
  });
});
