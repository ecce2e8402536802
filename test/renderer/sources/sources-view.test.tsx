import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import type { SourceView } from '#shared/contract/sources.ts';
import { show } from '#renderer/app/store.ts';
import { group, KEYLESS, NOW_MS, outboundState, quota, request, virustotal, wildfire } from '../asking-world.ts';
import { Fault, type Answers, type FakeBridge } from '../fake-bridge.ts';
import { openWindow } from '../window.tsx';
import { bootstrap, hashOf, noneAvoided } from '../world.ts';

const KEYCHAIN = { place: 'keychain', locked: false, message: '' } as const;

async function openSources(
  sources: readonly SourceView[] = [wildfire(), virustotal()],
  change: Answers = {},
): Promise<FakeBridge> {
  vi.spyOn(Date, 'now').mockReturnValue(NOW_MS);
  const bridge = await openWindow({
    'sources.list': () => ({ sources: [...sources], secretStore: KEYCHAIN }),
    'outbound.state': () => outboundState(),
    ...change,
  });
  act(() => show('sources'));
  await screen.findByRole('heading', { name: 'Sources and queue' });
  return bridge;
}

const cellsOf = (name: string): string[] =>
  within(screen.getByRole('region', { name: 'Sources' }))
    .getByRole('switch', { name })
    .closest('tr')
    ?.textContent?.split('|') ?? [];

describe('the table of sources', () => {
  it('shows what each holds, does and may spend', async () => {
    await openSources();
    await screen.findByRole('switch', { name: 'WildFire' });
    const [wildfireText] = cellsOf('WildFire');
    for (const part of [
      'asking',
      'last answer 2 s ago',
      '1,284,310',
      '1,283,862',
      '352',
      '18,204',
      '1.42',
      '2 / 30',
      '41 s',
      '312 / 1,050',
      '14 h',
    ]) {
      expect(wildfireText).toContain(part);
    }
    const [virustotalText] = cellsOf('VirusTotal');
    for (const part of ['waiting until', '4 a minute, spent', '4 / 4', '8,914 / 15,500', '11 d']) {
      expect(virustotalText).toContain(part);
    }
  });

  it('says in a few words what a source waits for', async () => {
    const full = [quota('minute', { spent: 4, limit: 4, resetsAt: NOW_MS + 1000 })];
    const waiting = { state: 'waiting', reason: 'A sentence.', quota: full } as const;
    await openSources([
      wildfire({ ...waiting, until: null, new: 0, rescanning: 65 }),
      virustotal({ ...waiting, until: NOW_MS + 60_000, quota: [] }),
    ]);
    await screen.findByRole('switch', { name: 'WildFire' });
    expect(cellsOf('WildFire')[0]).toContain('waitingfor pending answers');
    expect(cellsOf('VirusTotal')[0]).toContain('told to wait');
  });

  it('says no limit where there is none, and no share of malicious where nothing was answered', async () => {
    await openSources([wildfire({ processed: 0, malicious: 0, quota: [] })]);
    await screen.findByRole('switch', { name: 'WildFire' });
    expect(cellsOf('WildFire')[0]).toMatch(/–no limitno limitno limit$/);
  });

  it('switches a source on or off', async () => {
    const bridge = await openSources(undefined, {
      'sources.set': () => wildfire({ config: { ...wildfire().config, enabled: false }, state: 'disabled' }),
    });
    fireEvent.click(await screen.findByRole('switch', { name: 'WildFire' }));
    await waitFor(() =>
      expect(bridge.inputsOf('sources.set')).toEqual([{ source: 'wildfire', change: { enabled: false } }]),
    );
  });

  it('leads to the settings of a source that may not be switched on', async () => {
    const off = virustotal({ config: { ...virustotal().config, enabled: false }, state: 'disabled' });
    await openSources([wildfire(), off], { 'sources.set': () => new Fault('VirusTotal has no key. Add one first.') });
    fireEvent.click(await screen.findByRole('switch', { name: 'VirusTotal' }));
    expect((await screen.findByRole('alert')).textContent).toContain('VirusTotal has no key. Add one first.');
    expect(screen.getByRole('complementary', { name: 'Settings of VirusTotal' })).toBeDefined();
    expect(screen.getByRole('switch', { name: 'VirusTotal' })).toHaveProperty('checked', false);
  });

  it('pauses and resumes all, and resumes a paused one', async () => {
    const bridge = await openSources([wildfire({ state: 'paused' }), virustotal({ state: 'paused' })], {
      'outbound.resume': () => outboundState(),
    });
    fireEvent.click(await screen.findByRole('button', { name: 'Resume WildFire' }));
    fireEvent.click(screen.getByRole('button', { name: 'Resume all' }));
    await waitFor(() => expect(bridge.inputsOf('outbound.resume')).toEqual([{ source: 'wildfire' }, {}]));
  });

  it('says what could not be read, and keeps what it had', async () => {
    let broken = false;
    const bridge = await openSources(undefined, {
      'outbound.state': () => (broken ? new Fault('The database is locked by another process.') : outboundState()),
    });
    await screen.findByRole('switch', { name: 'WildFire' });
    broken = true;
    act(() => bridge.push('changed', { kinds: ['sources'], intakeIds: [] }));
    expect(await screen.findByText('The database is locked by another process.')).toBeDefined();
    expect(screen.getByRole('switch', { name: 'WildFire' })).toBeDefined();
  });
});

describe('the first steps', () => {
  const bare = [wildfire({ key: KEYLESS, state: 'no-key' }), virustotal({ key: KEYLESS, state: 'no-key' })];

  it('teach how a source comes to be asked, and offer the demonstration where it can be started', async () => {
    const bridge = await openSources(bare, {
      'app.bootstrap': () => bootstrap({ canStartDemo: true }),
      'app.startDemo': () => ({}),
    });
    expect(await screen.findByRole('heading', { name: 'No source has a key yet' })).toBeDefined();
    // What is sent without anybody asking must be said before it is.
    expect(screen.getByText(/Answers that are due are asked for again by themselves/)).toBeDefined();
    fireEvent.click(screen.getByRole('button', { name: 'Start the demonstration' }));
    await waitFor(() => expect(bridge.inputsOf('app.startDemo')).toHaveLength(1));
    fireEvent.click(screen.getByRole('button', { name: 'VirusTotal' }));
    expect(screen.getByRole('complementary', { name: 'Settings of VirusTotal' })).toBeDefined();
  });

  it('offer no demonstration where none can be started', async () => {
    await openSources(bare);
    await screen.findByRole('heading', { name: 'No source has a key yet' });
    expect(screen.queryByRole('button', { name: 'Start the demonstration' })).toBeNull();
  });
});

describe('the queue', () => {
  it('teaches when it is empty', async () => {
    await openSources();
    expect(await screen.findByRole('heading', { name: 'Nothing waits to be asked' })).toBeDefined();
  });

  it('shows what waits, for what, until when, and what was saved', async () => {
    await openSources(undefined, {
      'outbound.state': () =>
        outboundState({
          depth: 241,
          inFlight: 2,
          perSecond: 9.4,
          groups: [
            group(),
            group({
              source: 'wildfire',
              purpose: 'recheck',
              intakeId: null,
              title: '',
              waiting: 35,
              done: 0,
              dropped: 0,
            }),
          ],
          avoidedToday: { total: 85, by: { ...noneAvoided(), fresh: 64, link: 18, conclusive: 3 } },
        }),
    });
    const queue = within(await screen.findByRole('region', { name: 'Queue' }));
    expect(queue.getAllByRole('row').map((row) => row.textContent)).toEqual([
      'SourcePurposeHashesAskedWaiting forEnds, UTCWhat can be done',
      expect.stringMatching(/^VirusTotalnew, list\.csv206162 of 3684 a minute\d\d:\d\dPauseCancel$/),
      expect.stringMatching(/^WildFirepending recheck350 of 35/),
    ]);
    expect(screen.getByText(/^241 hashes, done by \d\d:\d\d, 9\.4 a second, 2 requests out$/)).toBeDefined();
    expect(screen.getByText(/64 by a fresh answer, 18 under another digest, 3 conclusive elsewhere/)).toBeDefined();
  });

  it('leaves out what has been asked whole, in rows and in progress', async () => {
    await openSources(undefined, {
      'outbound.state': () =>
        outboundState({
          depth: 206,
          groups: [
            group(),
            group({ intakeId: 8, title: 'old.csv', waiting: 0, done: 9_000, waitingFor: '' }),
            group({ intakeId: 9, title: 'last.csv', waiting: 0, onTheWay: 500, waitingFor: '' }),
          ],
        }),
    });
    const queue = within(await screen.findByRole('region', { name: 'Queue' }));
    expect(queue.getAllByRole('row')).toHaveLength(3);
    expect(queue.getByRole('row', { name: /last\.csv.*being sent/ })).toBeDefined();
    expect(screen.queryByText(/old\.csv/)).toBeNull();
  });

  it('holds, and takes out only after asking', async () => {
    const state = outboundState({ depth: 206, groups: [group()] });
    const bridge = await openSources(undefined, {
      'outbound.state': () => state,
      'outbound.pause': () => state,
      'outbound.cancel': () => ({ removed: 206 }),
    });
    fireEvent.click(await screen.findByRole('button', { name: 'Pause new, list.csv at VirusTotal' }));
    fireEvent.click(screen.getByRole('button', { name: 'Cancel new, list.csv at VirusTotal' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Take 206 hashes out of the queue' }));
    expect(bridge.inputsOf('outbound.cancel')).toEqual([]);
    fireEvent.click(dialog.getByRole('button', { name: 'Take out' }));
    const part = { source: 'virustotal', purpose: 'new', intakeId: 7 };
    await waitFor(() => expect(bridge.inputsOf('outbound.cancel')).toEqual([part]));
    expect(bridge.inputsOf('outbound.pause')).toEqual([part]);
    expect(await screen.findAllByText(/206 left the queue unasked/)).not.toHaveLength(0);
  });
});

describe('taking a group of no list out of the queue', () => {
  it('counts everything of its purpose at that source, as that is what leaves', async () => {
    const loose = group({ intakeId: null, title: '', waiting: 4 });
    const others = [group(), group({ source: 'wildfire', waiting: 50 }), group({ purpose: 'rescan', waiting: 60 })];
    const bridge = await openSources(undefined, {
      'outbound.state': () => outboundState({ depth: 320, groups: [loose, ...others] }),
      'outbound.cancel': () => ({ removed: 210 }),
    });
    fireEvent.click(await screen.findByRole('button', { name: 'Cancel new at VirusTotal' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Take 210 hashes out of the queue' }));
    fireEvent.click(dialog.getByRole('button', { name: 'Take out' }));
    await waitFor(() => expect(bridge.inputsOf('outbound.cancel')).toEqual([{ source: 'virustotal', purpose: 'new' }]));
  });
});

describe('the record of requests', () => {
  it('shows what left, page by page, by source, and the hashes of a request', async () => {
    const bridge = await openSources(undefined, {
      'outbound.requests': ({ offset }) => ({
        total: 230,
        rows: [
          request({ id: 230 - offset, outcome: null, httpStatus: null, elapsedMs: null }),
          request({ id: 228 - offset, purpose: 'person', hashes: 0 }),
          request({ id: 229 - offset, outcome: 'quota', httpStatus: 429, message: 'The minute is spent.', billed: 0 }),
        ],
      }),
      'outbound.requestHashes': () => ({ hashes: [{ hash: hashOf(5), outcome: 'not-known' }] }),
    });
    fireEvent.click(screen.getByRole('button', { name: 'What left this machine' }));
    const rows = within(await screen.findByRole('region', { name: 'Requests' }));
    expect(await rows.findByText('on its way')).toBeDefined();
    expect(rows.getAllByRole('row').map((row) => row.textContent?.replace(/^[-\d: ]+/, ''))).toEqual([
      expect.stringContaining('Purpose'),
      expect.stringMatching(/^VirusTotalnewSHA-2561on its way/),
      expect.stringMatching(/^VirusTotaltest–0answered/),
      expect.stringMatching(/^VirusTotalnewSHA-2561quota met/),
    ]);
    expect((await rows.findByText('quota met')).textContent).toBe('quota met, The minute is spent.');
    fireEvent.click(rows.getByRole('button', { name: 'Request 230: show its hashes' }));
    const dialog = within(await screen.findByRole('dialog'));
    expect(await dialog.findByText('not known there')).toBeDefined();
    fireEvent.click(dialog.getByRole('button', { name: 'Close' }));
    fireEvent.click(screen.getByRole('button', { name: 'Older' }));
    expect(await screen.findByText('101 to 200')).toBeDefined();
    fireEvent.change(screen.getByRole('combobox', { name: 'Source' }), { target: { value: 'wildfire' } });
    await waitFor(() =>
      expect(bridge.inputsOf('outbound.requests').at(-1)).toEqual({ source: 'wildfire', offset: 0, limit: 100 }),
    );
  });

  it('says that nothing left, or that it could not be read', async () => {
    let isBroken = false;
    await openSources(undefined, {
      'outbound.requests': () => (isBroken ? new Fault('The database is damaged.') : { total: 0, rows: [] }),
    });
    fireEvent.click(screen.getByRole('button', { name: 'What left this machine' }));
    expect(await screen.findByRole('heading', { name: 'Nothing left this machine' })).toBeDefined();
    isBroken = true;
    fireEvent.change(screen.getByRole('combobox', { name: 'Source' }), { target: { value: 'wildfire' } });
    expect((await screen.findByRole('alert')).textContent).toContain('The database is damaged.');
    expect(screen.queryByRole('heading', { name: 'Nothing left this machine' })).toBeNull();
  });
});
