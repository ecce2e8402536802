import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { sourceLabel } from '#shared/domain/source.ts';
import { show } from '#renderer/app/store.ts';
import { group, NOW_MS, outboundState, quota, virustotal, wildfire } from '../asking-world.ts';
import { Fault, type Answers, type FakeBridge } from '../fake-bridge.ts';
import { openWindow } from '../window.tsx';
import { bootstrap, noneAvoided } from '../world.ts';

const KEYCHAIN = { place: 'keychain', locked: false, message: '' } as const;

async function bar(change: Answers = {}): Promise<{ readonly bridge: FakeBridge; readonly text: () => string }> {
  const bridge = await openWindow({
    'sources.list': () => ({ sources: [wildfire(), virustotal()], secretStore: KEYCHAIN }),
    'outbound.state': () => outboundState(),
    ...change,
  });
  return { bridge, text: () => screen.getByRole('contentinfo').textContent ?? '' };
}

describe('the status bar', () => {
  it('says what each switched-on source spent today and why it waits, the queue and what was saved', async () => {
    const { text } = await bar({
      'outbound.state': () =>
        outboundState({ depth: 1696, avoidedToday: { total: 6118, by: { ...noneAvoided(), fresh: 6118 } } }),
    });
    await waitFor(() => expect(text()).toContain('queue 1,696'));
    expect(text()).toContain('WildFire 312 / 1,050 today');
    expect(text()).toMatch(/VirusTotal 293 \/ 500 today, waits until/);
    expect(text()).toContain('6,118 calls avoided today');
  });

  it('takes fewer words where there are many: short names, the whole one on hover, no times', async () => {
    const others = (['recorded-future', 'reversinglabs-a1000', 'reversinglabs-titaniumcloud'] as const).map((source) =>
      wildfire({ source, label: sourceLabel(source), state: 'waiting', reason: 'Spent.', until: NOW_MS + 60_000 }),
    );
    const { text } = await bar({
      'sources.list': () => ({ sources: [wildfire(), ...others, virustotal()], secretStore: KEYCHAIN }),
    });
    await waitFor(() => expect(text()).toContain('WildFire 312 / 1,050Recorded Future 312 / 1,050, waits'));
    expect(text()).toContain('A1000 312 / 1,050, waitsTitaniumCloud 312 / 1,050, waitsVirusTotal 293 / 500, waits');
    expect(text()).not.toContain('ReversingLabs');
    expect(screen.getByTitle('ReversingLabs TitaniumCloud: Spent.').textContent).toContain('TitaniumCloud');
  });

  it('leaves out what is switched off, and says when nothing can leave', async () => {
    const off = wildfire({ config: { ...wildfire().config, enabled: false }, state: 'disabled' });
    const { text } = await bar({ 'sources.list': () => ({ sources: [off], secretStore: KEYCHAIN }) });
    await waitFor(() => expect(text()).toContain('No source is switched on, nothing leaves'));
    expect(text()).not.toContain('WildFire');
  });

  it('names the process that asks when it is another one, and when none does', async () => {
    let owner: ReturnType<typeof outboundState>['owner'] = {
      pid: 911,
      shell: 'terminal',
      since: NOW_MS,
      isThis: false,
    };
    const { bridge, text } = await bar({ 'outbound.state': () => outboundState({ depth: 4, owner }) });
    await waitFor(() => expect(text()).toContain('asked by terminal, process 911'));
    owner = null;
    act(() => bridge.push('changed', { kinds: ['queue'], intakeIds: [] }));
    await waitFor(() => expect(text()).toContain('no process asks'));
  });

  it('says stopped, paused and a missing key with the source', async () => {
    const { text } = await bar({
      'sources.list': () => ({
        sources: [
          wildfire({ state: 'stopped', reason: 'The key was refused.', until: null }),
          virustotal({ state: 'paused', until: null, quota: [quota('day', { spent: 3 })] }),
        ],
        secretStore: KEYCHAIN,
      }),
    });
    await waitFor(() => expect(text()).toContain('WildFire 312 / 1,050 today, stopped'));
    expect(text()).toContain('VirusTotal 3 today, paused');
  });

  it('does not say no key of one that cannot be read, nor does the view', async () => {
    const key = { place: null, setAt: null, fault: 'The keychain is locked.' };
    const { text } = await bar({
      'sources.list': () => ({
        sources: [wildfire({ key, state: 'no-key', reason: 'The keychain is locked.' })],
        secretStore: KEYCHAIN,
      }),
    });
    await waitFor(() => expect(text()).toContain('312 / 1,050 today, key not readable'));
    act(() => show('sources'));
    expect(await screen.findByRole('heading', { name: 'Nothing waits to be asked' })).toBeDefined();
    expect(screen.getByText('key not readable')).toBeDefined();
    expect(screen.queryByText('No source has a key yet')).toBeNull();
  });

  it('says of a key that does not suffice alone that something is not set up', async () => {
    const { text } = await bar({
      'sources.list': () => ({
        sources: [wildfire({ state: 'no-key', reason: 'It needs a user name.' })],
        secretStore: KEYCHAIN,
      }),
    });
    await waitFor(() => expect(text()).toContain('312 / 1,050 today, not set up'));
    act(() => show('sources'));
    expect(await screen.findByText('not set up')).toBeDefined();
    expect(screen.getByText('see the settings')).toBeDefined();
    expect(screen.getByText('It needs a user name.')).toBeDefined();
  });

  it('leads to the sources, and says when they could not be read', async () => {
    const { text } = await bar({ 'sources.list': () => new Fault('The database is damaged.') });
    await waitFor(() => expect(text()).toContain('sources could not be read'));
  });
});

describe('the offline switch', () => {
  it('is one press, and says what it is now', async () => {
    let offline = false;
    const { bridge, text } = await bar({
      'settings.set': (change) => {
        offline = change.offline ?? offline;
        return { ...bootstrap().settings, offline };
      },
    });
    fireEvent.click(await screen.findByRole('button', { name: 'Online' }));
    expect(await screen.findByRole('button', { name: 'Offline' })).toBeDefined();
    expect(text()).toMatch(/offline\s*nothing leaves/);
    expect(bridge.inputsOf('settings.set')).toEqual([{ offline: true }]);
    fireEvent.click(screen.getByRole('button', { name: 'Offline' }));
    expect(await screen.findByRole('button', { name: 'Online' })).toBeDefined();
  });

  it('follows another process', async () => {
    let offline = false;
    const { bridge } = await bar({
      'app.bootstrap': () => bootstrap({ settings: { ...bootstrap().settings, offline } }),
    });
    await screen.findByRole('button', { name: 'Online' });
    offline = true;
    act(() => bridge.push('changed', { kinds: ['settings'], intakeIds: [] }));
    expect(await screen.findByRole('button', { name: 'Offline' })).toBeDefined();
  });
});

describe('the palette', () => {
  const choose = async (text: string): Promise<void> => {
    fireEvent.keyDown(document.body, { key: 'k', ctrlKey: true });
    const field = await screen.findByRole('combobox', { name: /Action/ });
    fireEvent.change(field, { target: { value: text } });
    fireEvent.keyDown(field, { key: 'Enter' });
  };

  it('pauses, resumes, goes offline and shows what left', async () => {
    const { bridge } = await bar({
      'outbound.pause': () => outboundState(),
      'outbound.resume': () => outboundState(),
      'outbound.requests': () => ({ total: 0, rows: [] }),
      'settings.set': (change) => ({ ...bootstrap().settings, ...change }) as never,
    });
    await choose('pause asking');
    await choose('resume asking');
    await choose('go offline');
    await choose('record of requests');
    expect(await screen.findByRole('heading', { name: 'Nothing left this machine' })).toBeDefined();
    expect([
      bridge.inputsOf('outbound.pause'),
      bridge.inputsOf('outbound.resume'),
      bridge.inputsOf('settings.set'),
    ]).toEqual([[{}], [{}], [{ offline: true }]]);
  });

  it('offers the demonstration only where it can be started', async () => {
    await bar();
    fireEvent.keyDown(document.body, { key: 'k', ctrlKey: true });
    fireEvent.change(await screen.findByRole('combobox', { name: /Action/ }), { target: { value: 'demonstration' } });
    expect(screen.getByText('Nothing matches.')).toBeDefined();
  });
});

describe('simulated sources', () => {
  it('are said in the top bar, the status bar and the title', async () => {
    const { text } = await bar({ 'app.bootstrap': () => bootstrap({ simulated: true }) });
    expect(within(screen.getByRole('banner')).getByText('simulated')).toBeDefined();
    expect(text()).toContain('simulated sources');
    expect(document.title).toBe('Assay (simulated)');
  });
});

describe('the settings of asking', () => {
  const open = async (change: Answers = {}): Promise<FakeBridge> => {
    const { bridge } = await bar({
      'settings.set': (changed) => ({ ...bootstrap().settings, ...changed }) as never,
      ...change,
    });
    act(() => show('settings'));
    fireEvent.click(await screen.findByRole('button', { name: 'Asking sources' }));
    return bridge;
  };

  it('set offline, what is kept and for how long', async () => {
    const bridge = await open();
    fireEvent.click(screen.getByRole('switch', { name: /^Offline/ }));
    fireEvent.click(screen.getByRole('radio', { name: /^Of malicious and suspicious/ }));
    const days = screen.getByLabelText('Record of requests');
    fireEvent.change(days, { target: { value: '30' } });
    fireEvent.blur(days);
    fireEvent.change(days, { target: { value: '400' } });
    fireEvent.blur(days);
    await waitFor(() =>
      expect(bridge.inputsOf('settings.set')).toEqual([
        { offline: true },
        { keepReports: 'malicious-and-suspicious' },
        { requestLogDays: 400 },
      ]),
    );
  });

  it('offer the tray and the start at login only where the shell has them', async () => {
    await open();
    expect(screen.queryByRole('radio', { name: 'Keep working in the tray' })).toBeNull();
    expect(screen.queryByRole('switch', { name: /^Start when I log in/ })).toBeNull();
  });

  it('arrange them in the Electron window', async () => {
    const bridge = await open({
      'app.bootstrap': () => bootstrap({ shell: 'electron', startAtLogin: false }),
      'app.setStartAtLogin': ({ on }) => ({ on }),
    });
    fireEvent.click(screen.getByRole('radio', { name: 'Keep working in the tray' }));
    fireEvent.click(screen.getByRole('switch', { name: /^Start when I log in/ }));
    await waitFor(() =>
      expect(screen.getByRole('switch', { name: /^Start when I log in/ })).toHaveProperty('checked', true),
    );
    expect(bridge.inputsOf('preferences.set')).toEqual([{ onClose: 'keep-working' }]);
    expect(bridge.inputsOf('app.setStartAtLogin')).toEqual([{ on: true }]);
  });
});

describe('closing the window of the browser', () => {
  const waiting = outboundState({ depth: 4, groups: [group()] });
  const isAsked = (): boolean => {
    const event = new Event('beforeunload', { cancelable: true });
    window.dispatchEvent(event);
    return event.defaultPrevented;
  };

  it.each([
    ['asks while this process works on the queue', waiting, {}, true],
    ['does not ask when nothing waits', outboundState(), {}, false],
    [
      'does not ask when another process goes on',
      { ...waiting, owner: { pid: 911, shell: 'terminal', since: NOW_MS, isThis: false } },
      {},
      false,
    ],
    ['does not ask when all is held', { ...waiting, groups: [group({ paused: true })] }, {}, false],
    ['does not ask for a source that is held', { ...waiting, groups: [group({ source: 'wildfire' })] }, {}, false],
    ['leaves the question to Electron there', waiting, { shell: 'electron' as const }, false],
  ])('%s', async (_name, state, boot, expected) => {
    const { text } = await bar({
      'sources.list': () => ({ sources: [wildfire({ state: 'paused' }), virustotal()], secretStore: KEYCHAIN }),
      'outbound.state': () => state,
      'app.bootstrap': () => bootstrap(boot),
    });
    await waitFor(() => expect(text()).toContain(`queue ${state.depth}`));
    expect(isAsked()).toBe(expected);
  });
});
