import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { LifeEffects, PurgePreview, SourceEffect } from '#shared/contract/life.ts';
import type { SourceView } from '#shared/contract/sources.ts';
import { defaultSettings } from '#shared/settings/schema.ts';
import { show } from '#renderer/app/store.ts';
import { dropLifeDraft } from '#renderer/features/settings/life/drafts.ts';
import { outboundState, virustotal, wildfire } from '../asking-world.ts';
import { Fault, type Answers, type FakeBridge } from '../fake-bridge.ts';
import { openWindow } from '../window.tsx';
import { job, NOW } from '../world.ts';

afterEach(() => dropLifeDraft());

function effect(change: Partial<SourceEffect> = {}): SourceEffect {
  return {
    source: 'wildfire',
    rescans: true,
    why: '',
    items: 12_000,
    overdue: 300,
    overdueMalicious: 4,
    dueNextDay: 1_824,
    callsPerDay: 0.8,
    allowedPerDay: 525,
    fullCycleDays: 0.1,
    warning: '',
    ...change,
  };
}

function effects(change: Partial<LifeEffects> = {}): LifeEffects {
  return {
    sources: [effect(), effect({ source: 'virustotal', rescans: false, why: 'Rescans are off for it.' })],
    purge: { items: 1_412, files: 1_400 },
    size: { bytes: 2_480_343_613, cap: 8_589_934_592, fullInDays: 570 },
    elapsedMs: 1,
    ...change,
  };
}

function preview(change: Partial<PurgePreview> = {}): PurgePreview {
  return {
    groups: [{ source: 'wildfire', status: 'unknown', items: 1_412 }],
    items: 1_412,
    files: 1_400,
    reports: 12,
    kept: { malicious: 3, hashList: 0, inIntake: 7, queued: 0 },
    askedBefore: 20_000,
    at: NOW,
    ...change,
  };
}

/** A source whose items are new for a while, with a paid key. */
function paidVirusTotal(): SourceView {
  const view = virustotal();
  return {
    ...view,
    facts: { ...view.facts, hasNewItems: true },
    config: { ...view.config, plan: 'paid', rescans: true, newItemDays: 14, newItemHours: 24 },
  };
}

async function openLife(change: Answers = {}, sources = [wildfire(), paidVirusTotal()]): Promise<FakeBridge> {
  const bridge = await openWindow({
    'sources.list': () => ({ sources, secretStore: { place: 'keychain', locked: false, message: '' } }),
    'outbound.state': () => outboundState(),
    'life.effects': () => effects(),
    ...change,
  });
  show('settings');
  fireEvent.click(await screen.findByRole('button', { name: 'Life of items' }));
  await screen.findByText('Counted for the saved values.');
  return bridge;
}

const type = (label: string, value: string): void =>
  void fireEvent.change(screen.getByLabelText(label), { target: { value } });

describe('the life of items', () => {
  it('shows what is set with units, and what it comes to', async () => {
    await openLife();
    expect(screen.getByLabelText('Rescan Item Interval')).toHaveProperty('value', '30');
    expect(screen.getByLabelText('Remove Item Interval')).toHaveProperty('value', '180');
    const pane = within(screen.getByRole('complementary', { name: 'Effect of these values' }));
    expect(pane.getByText('WildFire').closest('div')?.textContent).toBe(
      'WildFire 12,000 items300 overdue, 4 of them malicious1,824 due in the next 24 h0.8 calls a day of 525 allowed; all once within a day',
    );
    expect(pane.getByText('Not asked again. Rescans are off for it.')).toBeDefined();
    expect(pane.getByText('1,412 items, and 1,400 files of which nothing is left')).toBeDefined();
    expect(screen.getByText('Now 2.48 GB, full in about 19 months')).toBeDefined();
  });

  it('has new items only where a source has them, and nothing for a public key', async () => {
    await openLife({}, [wildfire(), paidVirusTotal()]);
    const rows = screen.getAllByRole('row').map((row) => row.textContent);
    expect(rows[1]).toContain('WildFireThe interval of all sources alone');
    expect(screen.getByLabelText('Maximum Age of New Items of VirusTotal')).toHaveProperty('value', '14');
    expect(screen.getByLabelText('Rescan New Item Interval of VirusTotal')).toHaveProperty('value', '24');
    expect(screen.queryByLabelText('Maximum Age of New Items of WildFire')).toBeNull();
  });

  it('asks nothing by itself with a public key', async () => {
    await openLife({}, [virustotal()]);
    expect(screen.getByRole('switch', { name: 'Rescans of VirusTotal' })).toMatchObject({
      disabled: true,
      checked: false,
    });
    expect(screen.getByText('A public key asks for nothing by itself')).toBeDefined();
  });

  it('works the fields out as they are typed, once for many keys, before anything is kept', async () => {
    const warning = 'These intervals take about 900 calls a day, rescans may use 525.';
    const bridge = await openLife({
      'life.effects': ({ settings }) =>
        effects(settings.rescanItemDays === 1 ? { sources: [effect({ callsPerDay: 900, warning })] } : {}),
    });
    for (const text of ['', '1', '12', '1']) {
      type('Rescan Item Interval', text);
    }
    fireEvent.click(screen.getByRole('switch', { name: 'Rescans of VirusTotal' }));
    expect((await screen.findAllByText(warning)).length).toBe(2);
    expect(await screen.findByText('Counted for the fields as they stand, not saved yet.')).toBeDefined();
    expect(bridge.inputsOf('life.effects')).toEqual([
      { settings: {}, sources: {} },
      { settings: { rescanItemDays: 1 }, sources: { virustotal: { rescans: false } } },
    ]);
    expect(bridge.namesAsked()).not.toContain('settings.set');
  });

  it('says what fits a field, and keeps and works out nothing meanwhile', async () => {
    const bridge = await openLife();
    type('Maximum Database Size', '63');
    type('Rescan New Item Interval of VirusTotal', 'x');
    expect(screen.getByText('A whole number from 64 to 1,048,576.')).toBeDefined();
    expect(screen.getByText('A whole number from 1 to 8,760.')).toBeDefined();
    expect(screen.getByLabelText('Maximum Database Size').getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByRole('button', { name: 'Save' })).toHaveProperty('disabled', true);
    expect(screen.getByText('Of the last values that fit. Correct the marked fields.')).toBeDefined();
    fireEvent.click(screen.getByRole('button', { name: 'Revert' }));
    expect(screen.getByLabelText('Maximum Database Size')).toHaveProperty('value', '8192');
    expect(bridge.inputsOf('life.effects')).toHaveLength(1);
  });

  it('keeps what differs alone, and takes it back', async () => {
    const own = paidVirusTotal();
    const bridge = await openLife({
      'settings.set': (change) => ({ ...defaultSettings(), ...change }) as never,
      'sources.set': ({ change }) => ({ ...own, config: { ...own.config, ...change } }) as never,
    });
    type('Remove Item Interval', '');
    type('Maximum Age of New Items of VirusTotal', '7');
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    const undo = await screen.findByRole('button', { name: 'Undo' });
    expect(bridge.inputsOf('settings.set')).toEqual([{ removeItemDays: null }]);
    expect(bridge.inputsOf('sources.set')).toEqual([{ source: 'virustotal', change: { newItemDays: 7 } }]);
    fireEvent.click(undo);
    await waitFor(() => expect(bridge.inputsOf('sources.set')).toHaveLength(2));
    expect([bridge.inputsOf('settings.set')[1], bridge.inputsOf('sources.set')[1]]).toEqual([
      { removeItemDays: 180 },
      { source: 'virustotal', change: { newItemDays: 14 } },
    ]);
  });

  it('says why it was not kept, with the fields as they were typed', async () => {
    await openLife({ 'settings.set': () => new Fault('The database is locked.') });
    type('Keep history', '10');
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('The database is locked.')).toBeDefined();
    expect(screen.getByLabelText('Keep history')).toHaveProperty('value', '10');
  });

  it('keeps a draft while another page is shown', async () => {
    await openLife();
    type('Keep history', '10');
    fireEvent.click(screen.getByRole('button', { name: 'Window' }));
    fireEvent.click(screen.getByRole('button', { name: 'Life of items' }));
    expect(screen.getByLabelText('Keep history')).toHaveProperty('value', '10');
  });

  it('says why the effect could not be worked out, and tries again', async () => {
    let isBroken = false;
    const bridge = await openLife({
      'life.effects': () => (isBroken ? new Fault('The database is busy.') : effects()),
    });
    isBroken = true;
    type('Keep history', '10');
    fireEvent.click(await screen.findByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('The database is busy.')).toBeDefined();
    isBroken = false;
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await screen.findByText('Counted for the fields as they stand, not saved yet.');
    expect(bridge.inputsOf('life.effects').length).toBe(4);
  });
});

describe('what a purge would remove', () => {
  const open = async (change: Answers) => {
    const bridge = await openLife(change);
    fireEvent.click(screen.getByRole('button', { name: 'Show what a purge would remove' }));
    return { bridge, dialog: within(await screen.findByRole('dialog', { name: 'What a purge would remove' })) };
  };

  it('is shown before it is removed, with what stays and why', async () => {
    const { bridge, dialog } = await open({
      'life.purgePreview': () => preview(),
      'life.purge': () => ({ jobId: 'p-1' }),
    });
    expect((await dialog.findByText(/nobody asked for since/)).textContent).toBe(
      '1,412 items that nobody asked for since 2024-10-04, with 12 kept answers and 1,400 files of which nothing is left.',
    );
    expect(dialog.getAllByRole('row')[1]?.textContent).toBe('WildFireunknown1,412');
    expect(dialog.getByText('Kept all the same: 3 malicious, 7 in a kept intake.')).toBeDefined();
    expect(bridge.namesAsked()).not.toContain('life.purge');
    fireEvent.click(dialog.getByRole('button', { name: 'Remove 1,412 items' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(bridge.inputsOf('life.purge')).toEqual([{}]);
  });

  it('is worked out again when a purge has ended', async () => {
    let isGone = false;
    const bridge = await openLife({ 'life.effects': () => effects(isGone ? { purge: { items: 0, files: 0 } } : {}) });
    expect(screen.getByText('1,412 items by these values; daily by itself')).toBeDefined();
    isGone = true;
    act(() => bridge.push('job', job({ kind: 'purge', state: 'running' })));
    expect(bridge.inputsOf('life.effects')).toHaveLength(1);
    act(() => bridge.push('job', job({ kind: 'purge', state: 'done' })));
    expect(await screen.findByText('0 items by these values; daily by itself')).toBeDefined();
  });

  it('offers nothing where nothing goes', async () => {
    const none = preview({ groups: [], items: 0, files: 0, reports: 0, askedBefore: null });
    const { dialog } = await open({ 'life.purgePreview': () => none });
    expect(await dialog.findByText('The Remove Item Interval is never: nothing is removed.')).toBeDefined();
    expect(dialog.queryByRole('button', { name: /^Remove/ })).toBeNull();
  });

  it('says that it goes by the saved values', async () => {
    const bridge = await openLife({ 'life.purgePreview': () => preview() });
    type('Remove Item Interval', '9');
    fireEvent.click(screen.getByRole('button', { name: 'Show what a purge would remove' }));
    expect(await screen.findByText(/^By the saved values/)).toBeDefined();
    expect(bridge.inputsOf('life.purgePreview')).toEqual([{}]);
  });
});
