import { fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { Fault } from '../fake-bridge.ts';
import { openWindow } from '../window.tsx';
import { strip, usageAnswers } from './usage-world.ts';

const NAME = 'Usage of the last 24 hours';

describe('the strip on the home of Triage', () => {
  it('shows four figures and the quota that ends first, and opens the board', async () => {
    await openWindow(usageAnswers());
    const region = within(await screen.findByRole('region', { name: NAME }));
    expect(region.getAllByRole('listitem').map((one) => one.textContent)).toEqual([
      'Outbound Items1,000',
      'Inbound Items2,000',
      'Calls avoided3,000',
      'Failed Outbound API Requests4,000',
      'First quota to end15:50VirusTotal, day, UTC',
    ]);
    fireEvent.click(region.getByRole('button', { name: /^Inbound Items/ }));
    expect(await screen.findByRole('heading', { name: 'Usage', level: 1 })).toBeDefined();
    expect(screen.getByRole('button', { name: '24 h' }).getAttribute('aria-pressed')).toBe('true');
  });

  it('is there with nothing but zeroes, for nothing happened; a quota that does not end is not named', async () => {
    const items = strip().items.map((item) => ({ ...item, total: 0 }));
    await openWindow(usageAnswers({ 'usage.strip': () => strip({ items, soonest: null }) }));
    const region = within(await screen.findByRole('region', { name: NAME }));
    expect(region.getAllByRole('listitem')).toHaveLength(4);
    expect(region.queryByText('First quota to end')).toBeNull();
  });

  it('is not there while nothing was ever recorded, nor when it cannot be read', async () => {
    const items = strip().items.map((item) => ({ ...item, total: null }));
    const bridge = await openWindow(usageAnswers({ 'usage.strip': () => strip({ items }) }));
    await screen.findByRole('heading', { name: 'Recent intakes' });
    expect(bridge.inputsOf('usage.strip')).toHaveLength(1);
    expect(screen.queryByRole('region', { name: NAME })).toBeNull();
  });

  it('leaves the home alone when it cannot be read', async () => {
    await openWindow(usageAnswers({ 'usage.strip': () => new Fault('The disk is full.') }));
    await screen.findByRole('heading', { name: 'Recent intakes' });
    expect(screen.queryByRole('region', { name: NAME })).toBeNull();
    expect(screen.queryByRole('alert')).toBeNull();
  });
});
