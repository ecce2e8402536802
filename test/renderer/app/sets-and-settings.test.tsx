import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { KnownSet, LeftWork } from '#shared/contract/known-sets.ts';
import { defaultSettings } from '#shared/settings/schema.ts';
import { show } from '#renderer/app/store.ts';
import { recordedFuture, virustotal } from '../asking-world.ts';
import { Fault } from '../fake-bridge.ts';
import { chooseInstead, openWindow } from '../window.tsx';
import { job, NOW } from '../world.ts';

function set(change: Partial<KnownSet> = {}): KnownSet {
  return {
    id: 3,
    name: 'Own builds',
    edition: '2026.09',
    mark: 'known-good',
    datedAt: NOW,
    importedAt: NOW,
    digests: { md5: 0, sha1: 0, sha256: 5_000_000 },
    bytes: 90_000_000,
    state: 'ready',
    products: 0,
    possible: null,
    syncJob: null,
    ...change,
  };
}

function left(change: Partial<LeftWork> = {}): LeftWork {
  const read = { bytes: 4_000_000, of: 9_000_000 };
  const kept = { keptAt: NOW, keptUntil: NOW + 7 * 86_400 };
  const set = { name: 'NSRL', edition: '2026.12', datedAt: NOW, mark: 'known-good', form: null } as const;
  const asked = { path: '/cases/rds.db', base: null, ...set };
  return { id: 'ab12', file: 'rds.db', asked, read, size: 2_000_000, ...kept, state: 'kept', ...change };
}

describe('known sets', () => {
  it('imports a file under a name of its own, with what a hit says', async () => {
    const bridge = await openWindow({ 'knownSets.import': () => ({ jobId: 'job-5' }) });
    show('known-sets');
    chooseInstead(new File(['x'], 'builds.txt'));
    fireEvent.click(await screen.findByRole('button', { name: 'Import a set…' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Import a known set' }));
    expect(dialog.getByRole('button', { name: 'Import' })).toHaveProperty('disabled', true);
    fireEvent.click(dialog.getByRole('button', { name: 'Choose a file…' }));
    await waitFor(() => expect(dialog.getByLabelText('Name')).toHaveProperty('value', 'builds'));
    fireEvent.click(dialog.getByRole('radio', { name: /Known good/ }));
    fireEvent.click(dialog.getByRole('button', { name: 'Import' }));
    await waitFor(() =>
      expect(bridge.inputsOf('knownSets.import')).toEqual([
        { handle: 'files-1', name: 'builds', edition: '', datedAt: null, mark: 'known-good', replace: false },
      ]),
    );
  });

  it('imports a file once, however often that is pressed, and names a set no longer than it may be', async () => {
    const bridge = await openWindow({ 'knownSets.import': () => new Promise(() => undefined) });
    show('known-sets');
    chooseInstead(new File(['x'], `${'n'.repeat(200)}.csv`));
    fireEvent.click(await screen.findByRole('button', { name: 'Import a set…' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Import a known set' }));
    fireEvent.click(dialog.getByRole('button', { name: 'Choose a file…' }));
    const button = dialog.getByRole('button', { name: 'Import' });
    await waitFor(() => expect(button).toHaveProperty('disabled', false));
    const form = button.closest('form') ?? button;
    fireEvent.submit(form);
    fireEvent.submit(form);
    await waitFor(() => expect(button).toHaveProperty('disabled', true));
    expect(bridge.inputsOf('knownSets.import').map(({ name }) => name)).toEqual(['n'.repeat(120)]);
  });

  it('takes a filter for what it is said to be of', async () => {
    const bridge = await openWindow({ 'knownSets.import': () => ({ jobId: 'job-5' }) });
    show('known-sets');
    chooseInstead(new File(['x'], 'old.bloom'));
    fireEvent.click(await screen.findByRole('button', { name: 'Import a set…' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Import a known set' }));
    fireEvent.click(dialog.getByRole('button', { name: 'Choose a file…' }));
    await waitFor(() => expect(dialog.getByLabelText('Name')).toHaveProperty('value', 'old'));
    fireEvent.change(dialog.getByRole('combobox', { name: 'What the file is' }), { target: { value: 'bloom-md5' } });
    fireEvent.click(dialog.getByRole('button', { name: 'Import' }));
    await waitFor(() => expect(bridge.inputsOf('knownSets.import')).toMatchObject([{ form: 'bloom', digest: 'md5' }]));
  });

  it('applies a delta to a set that names products, and to no other', async () => {
    const nsrl = set({ id: 5, name: 'NSRL', products: 30_000 });
    const bridge = await openWindow({
      'knownSets.list': () => ({ rows: [nsrl, set()] }),
      'knownSets.import': () => ({ jobId: 'job-5' }),
    });
    show('known-sets');
    expect(await screen.findByText('30,000 products')).toBeDefined();
    chooseInstead(new File(['x'], 'RDS_2026.12.1_modern_minimal_delta.sql'));
    const [first, second] = screen.getAllByRole('button', { name: 'Replace…' });
    fireEvent.click(second ?? document.body);
    expect(within(await screen.findByRole('dialog')).queryByRole('radio', { name: /delta/ })).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    fireEvent.click(first ?? document.body);
    const dialog = within(await screen.findByRole('dialog', { name: 'Replace NSRL by a newer edition' }));
    fireEvent.click(dialog.getByRole('button', { name: 'Choose a file…' }));
    await dialog.findByText('RDS_2026.12.1_modern_minimal_delta.sql');
    fireEvent.click(dialog.getByRole('radio', { name: /An NSRL delta/ }));
    expect(dialog.queryByRole('radio', { name: /Known good/ })).toBeNull();
    chooseInstead(new File(['x'], 'RDS_2026.09.1_modern.db'));
    fireEvent.click(dialog.getByRole('button', { name: 'Choose the database…' }));
    await dialog.findByText('RDS_2026.09.1_modern.db');
    fireEvent.click(dialog.getByRole('button', { name: 'Replace' }));
    const delta = { name: 'NSRL', replace: true, form: 'nsrl-delta', handle: 'files-1', baseHandle: 'files-2' };
    await waitFor(() => expect(bridge.inputsOf('knownSets.import')).toMatchObject([delta]));
  });

  it('says of a Bloom filter that it is possible only', async () => {
    const possible = { digest: 'sha1', keys: 5_000, errorRate: 0.001 } as const;
    await openWindow({ 'knownSets.list': () => ({ rows: [set({ possible, mark: 'known' })] }) });
    show('known-sets');
    expect((await screen.findByText('possible only')).getAttribute('title')).toBe(
      'A Bloom filter of 5,000 SHA-1 digests, wrong for 1 in 1,000 files it does not hold. It decides nothing.',
    );
  });

  it('names the edition, and removes a set only after asking', async () => {
    const bridge = await openWindow({ 'knownSets.list': () => ({ rows: [set()] }), 'knownSets.remove': () => ({}) });
    show('known-sets');
    expect(await screen.findByText('2026.09')).toBeDefined();
    expect(screen.getByText('5,000,000')).toBeDefined();
    fireEvent.click(screen.getByRole('button', { name: /^Remove/ }));
    expect(bridge.inputsOf('knownSets.remove')).toEqual([]);
    fireEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Remove' }));
    await waitFor(() => expect(bridge.inputsOf('knownSets.remove')).toEqual([{ id: 3 }]));
  });

  it('says which sets a sync job makes, and offers nothing that would be undone', async () => {
    const made = set({ id: 4, name: 'ThreatConnect rating 4', edition: 'Daily', mark: 'known', syncJob: 2 });
    await openWindow({ 'knownSets.list': () => ({ rows: [set(), made] }) });
    show('known-sets');
    const row = within((await screen.findByText('ThreatConnect rating 4')).closest('tr') ?? document.body);
    expect(row.getByText('made by sync').getAttribute('title')).toBe(
      'Made from the files the sync job Daily pulled; it goes with the job.',
    );
    expect(row.queryByRole('button')).toBeNull();
    expect(screen.getAllByRole('button', { name: /^Remove/ })).toHaveLength(1);
    expect(screen.getAllByText('made by sync')).toHaveLength(1);
  });

  it('shows what unfinished imports keep, and discards it only after asking', async () => {
    let rows = [left(), left({ id: 'cd34', file: null, read: null })];
    const bridge = await openWindow({
      'knownSets.leftWork': () => ({ rows }),
      'knownSets.discardWork': ({ id }) => {
        rows = rows.filter((work) => work.id !== id);
        return {};
      },
    });
    show('known-sets');
    const table = within(await screen.findByRole('table', { name: 'Unfinished imports' }));
    expect(table.getByText('4.00 MB of 9.00 MB')).toBeDefined();
    expect(table.getByText('unknown file')).toBeDefined();
    fireEvent.click(table.getByRole('button', { name: 'Discard rds.db' }));
    expect(bridge.inputsOf('knownSets.discardWork')).toEqual([]);
    fireEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Discard' }));
    await waitFor(() => expect(bridge.inputsOf('knownSets.discardWork')).toEqual([{ id: 'ab12' }]));
    await waitFor(() => expect(table.queryByText('rds.db')).toBeNull());
    expect(table.getByText('unknown file')).toBeDefined();
  });

  it('continues an unfinished import by its file, and offers only what can be done', async () => {
    const running = left({ id: 'ef56', file: 'running.db', state: 'running' });
    const lost = left({ id: '0a1b', file: 'lost.db', state: 'lost' });
    const bridge = await openWindow({
      'knownSets.leftWork': () => ({ rows: [running, lost, left()] }),
      'knownSets.continueWork': () => ({ handle: 'held-1', baseHandle: null }),
      'knownSets.import': () => ({ jobId: 'job-5' }),
    });
    show('known-sets');
    const row = async (name: string) => within((await screen.findByText(name)).closest('tr') ?? document.body);
    expect((await row('running.db')).queryByRole('button')).toBeNull();
    expect((await row('lost.db')).getAllByRole('button').map(({ textContent }) => textContent)).toEqual(['Discard…']);
    fireEvent.click((await row('rds.db')).getByRole('button', { name: 'Continue rds.db' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Continue the import of rds.db' }));
    expect(dialog.getByText('/cases/rds.db')).toBeDefined();
    expect(bridge.inputsOf('knownSets.continueWork')).toEqual([{ id: 'ab12' }]);
    fireEvent.click(dialog.getByRole('button', { name: 'Continue' }));
    const day = Math.floor(NOW / 86_400) * 86_400;
    const set = { name: 'NSRL', edition: '2026.12', datedAt: day, mark: 'known-good', replace: false };
    await waitFor(() => expect(bridge.inputsOf('knownSets.import')).toEqual([{ handle: 'held-1', ...set }]));
  });

  it('continues a delta onto its database, and says what of it is not there any more', async () => {
    const names = { name: 'NSRL', edition: '', datedAt: null, mark: 'known', form: 'nsrl-delta' } as const;
    const work = left({ file: 'delta.sql', asked: { path: '/cases/delta.sql', base: '/cases/rds.db', ...names } });
    const bridge = await openWindow({
      'knownSets.leftWork': () => ({ rows: [work] }),
      'knownSets.continueWork': () => ({ handle: 'held-1', baseHandle: null }),
      'knownSets.import': () => ({ jobId: 'job-5' }),
    });
    show('known-sets');
    chooseInstead(new File(['x'], 'moved.db'));
    fireEvent.click(await screen.findByRole('button', { name: 'Continue delta.sql' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Continue the import of delta.sql' }));
    expect(dialog.getByRole('alert').textContent).toContain('/cases/rds.db is not there any more.');
    fireEvent.click(dialog.getByRole('button', { name: 'Choose the database…' }));
    await dialog.findByText('moved.db');
    fireEvent.click(dialog.getByRole('button', { name: 'Continue' }));
    const asked = { handle: 'held-1', baseHandle: 'files-1', form: 'nsrl-delta' };
    await waitFor(() => expect(bridge.inputsOf('knownSets.import')).toMatchObject([asked]));
  });

  it('tells two imports apart while they run', async () => {
    const bridge = await openWindow();
    show('known-sets');
    await screen.findByRole('heading', { name: 'Known sets' });
    const importing = (jobId: string, title: string) => job({ kind: 'known-set', jobId, title, intakeId: null });
    act(() => bridge.push('job', importing('job-1', 'NSRL')));
    act(() => bridge.push('job', importing('job-2', 'Base image')));
    expect([await screen.findByText('NSRL'), screen.getByText('Base image')]).toHaveLength(2);
  });

  it('shows what a cancelled import keeps as soon as it has ended', async () => {
    let rows: LeftWork[] = [];
    const bridge = await openWindow({ 'knownSets.leftWork': () => ({ rows }) });
    show('known-sets');
    await screen.findByRole('heading', { name: 'Known sets' });
    const importing = job({ kind: 'known-set', title: 'NSRL', intakeId: null });
    act(() => bridge.push('job', importing));
    rows = [left()];
    act(() => bridge.push('job', { ...importing, state: 'cancelled' }));
    expect(await screen.findByRole('table', { name: 'Unfinished imports' })).toBeDefined();
  });

  it('says why an import could not be discarded', async () => {
    await openWindow({
      'knownSets.leftWork': () => ({ rows: [left()] }),
      'knownSets.discardWork': () => {
        return new Fault('rds.db is being imported. Cancel the import instead; nothing was discarded.', 'CONFLICT');
      },
    });
    show('known-sets');
    fireEvent.click(await screen.findByRole('button', { name: 'Discard rds.db' }));
    fireEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Discard' }));
    expect(await screen.findAllByText(/rds\.db is being imported/)).not.toEqual([]);
  });

  it('shows an import that runs, and nothing of it twice', async () => {
    const bridge = await openWindow();
    show('known-sets');
    await screen.findByRole('heading', { name: 'Known sets' });
    act(() => bridge.push('job', job({ kind: 'known-set', title: 'Own builds', intakeId: null })));
    expect(screen.getAllByRole('progressbar')).toHaveLength(1);
  });
});

describe('settings', () => {
  it('send only what was changed, and show what came back', async () => {
    const bridge = await openWindow({ 'settings.set': (change) => ({ ...defaultSettings(), ...change }) as never });
    show('settings');
    fireEvent.click(await screen.findByRole('button', { name: 'Verdict rules' }));
    const field = screen.getByLabelText('Stale after');
    fireEvent.change(field, { target: { value: '14' } });
    fireEvent.blur(field);
    await waitFor(() => expect(bridge.inputsOf('settings.set')).toEqual([{ staleAfterDays: 14 }]));
  });

  it('tell thresholds of each score, and what holds while they are empty', async () => {
    const bridge = await openWindow({
      'settings.set': (change) => ({ ...defaultSettings(), ...change }) as never,
      'sources.list': () => ({
        sources: [recordedFuture(), virustotal()],
        secretStore: { place: 'keychain', locked: false, message: '' },
      }),
    });
    show('settings');
    fireEvent.click(await screen.findByRole('button', { name: 'Verdict rules' }));
    expect(await screen.findByText(/^Empty: Assay’s own, 6 and 2 engines, a risk of 65 and 25;/)).toBeDefined();
    const risk = within(screen.getByRole('group', { name: /^Recorded Future/ }));
    const field = risk.getByLabelText('malicious');
    expect(field.getAttribute('placeholder')).toBe('65');
    fireEvent.change(field, { target: { value: '90' } });
    fireEvent.blur(field);
    await waitFor(() =>
      expect(bridge.inputsOf('settings.set')).toEqual([
        { recordedFutureThreshold: { malicious: 90, suspicious: null } },
      ]),
    );
  });

  it('say what a check of the cache found', async () => {
    await openWindow({ 'cache.verify': () => ({ ok: false, problems: ['Page 7 of the database is damaged.'] }) });
    show('settings');
    fireEvent.click(await screen.findByRole('button', { name: 'Cache' }));
    fireEvent.click(screen.getByRole('button', { name: 'Check everything' }));
    expect(await screen.findByText('Page 7 of the database is damaged.')).toBeDefined();
  });

  it('say when a check could not be made', async () => {
    await openWindow({ 'cache.verify': () => new Fault('The database is locked by another process.') });
    show('settings');
    fireEvent.click(await screen.findByRole('button', { name: 'Cache' }));
    fireEvent.click(screen.getByRole('button', { name: 'Check everything' }));
    expect(await screen.findByText('The database is locked by another process.')).toBeDefined();
    expect(screen.queryByText(/is sound/)).toBeNull();
  });
});
