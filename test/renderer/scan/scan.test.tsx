import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { CallParsed } from '#shared/contract/index.ts';
import { openIntake } from '#renderer/app/store.ts';
import { flightPlan, group, outboundState, sourcePlan, virustotal, wildfire } from '../asking-world.ts';
import { Fault, type Answers, type FakeBridge } from '../fake-bridge.ts';
import { filledGrid, openWindow } from '../window.tsx';
import { input, intake } from '../world.ts';

const WITH_SOURCES: Answers = {
  'sources.list': () => ({
    sources: [wildfire(), virustotal()],
    secretStore: { place: 'keychain', locked: false, message: '' },
  }),
  'outbound.state': () => outboundState(),
  'scan.plan': () => flightPlan(),
  'scan.start': () => ({ jobId: 'scan-1' }),
};

async function openList(change: Answers = {}): Promise<{ readonly bridge: FakeBridge; readonly grid: HTMLElement }> {
  const bridge = await openWindow({ ...WITH_SOURCES, ...change });
  act(() => openIntake(7));
  const grid = await filledGrid();
  return { bridge, grid };
}

async function openPlan(change: Answers = {}) {
  const opened = await openList(change);
  fireEvent.click(screen.getByRole('button', { name: 'Scan 3 unknown…' }));
  const element = await screen.findByRole('dialog', { name: 'Scan 3 unknown hashes' });
  return { ...opened, dialog: within(element) };
}

describe('the flight plan', () => {
  it('shows cost, what is free, quotas and ends before anything is queued', async () => {
    const { bridge, dialog } = await openPlan();
    const figures = await dialog.findByText('hashes to ask');
    expect(figures.closest('dl')?.textContent).toMatch(
      /^hashes to ask368answered without a call83requests, 2 sources369ends, UTC/,
    );
    expect(dialog.getByText('83 without a call').parentElement?.textContent).toBe(
      '83 without a call64 asked within 30 days18 same file as another1 in a known set',
    );
    const rows = dialog.getAllByRole('row').map((row) => row.textContent);
    expect(rows[1]).toMatch(/^WildFire3521request of 500737 \/ 1,050day/);
    expect(rows[2]).toMatch(/^VirusTotal368368request of 10 \/ 500day/);
    expect(dialog.getByText('VirusTotal: 207 today, then 161 wait for its day at 00:00 UTC.')).toBeDefined();
    expect(dialog.getByText(/SHA-1 only, which WildFire does not take/)).toBeDefined();
    expect(dialog.getByText('Hashes leave this machine. File names, paths and carried columns do not.')).toBeDefined();
    expect(bridge.namesAsked()).not.toContain('scan.start');
    expect(document.activeElement).toBe(dialog.getByRole('button', { name: 'Start' }));
  });

  it('asks for what is unknown, and starts exactly what was planned', async () => {
    const { bridge, dialog } = await openPlan();
    fireEvent.click(await dialog.findByRole('radio', { name: /^One after another/ }));
    fireEvent.click(dialog.getByRole('checkbox', { name: 'WildFire' }));
    fireEvent.change(dialog.getByLabelText('At most so many calls'), { target: { value: '40' } });
    await waitFor(() => expect(dialog.getByRole('button', { name: 'Start' })).toHaveProperty('disabled', false));
    fireEvent.click(dialog.getByRole('button', { name: 'Start' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    const wanted: Partial<CallParsed<'scan.start'>> = {
      intakeId: 7,
      strategy: 'cheapest',
      sources: ['virustotal'],
      maxCalls: 40,
    };
    expect(bridge.inputsOf('scan.start')).toMatchObject([
      { ...wanted, selection: { kind: 'query', query: { statuses: ['unknown'], sort: 'position', text: '' } } },
    ]);
    expect(bridge.inputsOf('scan.plan').at(-1)).toEqual(bridge.inputsOf('scan.start')[0]);
  });

  it('shows the order of the sources, what each step settles and leaves, and single calls', async () => {
    const steps = flightPlan().steps.map((step) => ({ ...step, singles: 0 }));
    const follows = 'About 40 single calls are expected for details of what it calls malicious or suspicious.';
    const { dialog } = await openPlan({
      'scan.plan': (asked) => {
        const { strategy }: CallParsed<'scan.plan'> = asked;
        return flightPlan({ strategy, steps, sources: [sourcePlan({ singles: 40, follows })] });
      },
    });
    const summary = await dialog.findByText(/^All are asked/);
    expect(summary.closest('details')).toHaveProperty('open', false);
    expect(dialog.getByText('≈ 369')).toBeDefined();
    expect(dialog.getByText(`WildFire: ${follows}`)).toBeDefined();
    fireEvent.click(dialog.getByRole('radio', { name: /^One after another/ }));
    const inTurn = (await dialog.findByText(/^One after another, in this order/)).closest('details');
    expect([inTurn?.open, inTurn?.querySelector('summary')?.textContent]).toEqual([
      true,
      'One after another, in this order: WildFire, VirusTotal',
    ]);
    expect([...(inTurn?.querySelectorAll('tbody tr') ?? [])].map((row) => row.textContent)).toEqual([
      '1 WildFire352135333',
      '2 VirusTotal36836833300',
    ]);
  });

  it('tells of the chosen strategy what it is expected to take, and what at the most', async () => {
    const { dialog } = await openPlan({
      'scan.plan': (asked) => {
        const { strategy }: CallParsed<'scan.plan'> = asked;
        return flightPlan({ strategy });
      },
    });
    const ends = async (): Promise<string | null | undefined> =>
      (await dialog.findByText('ends, UTC')).parentElement?.textContent;
    const ofAll = await ends();
    fireEvent.click(dialog.getByRole('radio', { name: /^One after another/ }));
    const words = await dialog.findByText('requests, at most 369, 2 sources');
    expect(words.parentElement?.textContent).toContain('≈ 53');
    expect(await ends()).not.toBe(ofAll);
  });

  it('plans for selected rows when there are any', async () => {
    const { bridge, grid } = await openList();
    fireEvent.keyDown(grid, { key: 'End' });
    fireEvent.keyDown(grid, { key: 'x' });
    expect(screen.getByRole('button', { name: 'Scan 1 selected…' })).toBeDefined();
    fireEvent.keyDown(grid, { key: 's' });
    await screen.findByRole('dialog', { name: 'Scan 1 selected hash' });
    await waitFor(() =>
      expect(bridge.inputsOf('scan.plan')).toMatchObject([{ selection: { kind: 'entries', entries: [3] } }]),
    );
  });

  it('cannot be started without a source, and leads to where one is switched on', async () => {
    const { dialog } = await openPlan({
      'sources.list': () => ({ sources: [], secretStore: { place: 'keychain', locked: false, message: '' } }),
      'scan.plan': () => flightPlan({ sources: [], requests: 0, ask: 0, possible: false, endsAt: null }),
    });
    expect(await dialog.findByText(/No source is switched on/)).toBeDefined();
    expect(dialog.getByRole('button', { name: 'Start' })).toHaveProperty('disabled', true);
    fireEvent.click(dialog.getByRole('button', { name: 'Open Sources' }));
    expect(await screen.findByRole('heading', { name: 'Sources and queue' })).toBeDefined();
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('cannot be started when nothing can be sent, and says why', async () => {
    const { dialog } = await openPlan({
      'scan.plan': () => flightPlan({ possible: false, endsAt: null, notes: ['Assay is offline.'] }),
    });
    expect(await dialog.findByText('Assay is offline.')).toBeDefined();
    expect(dialog.getByRole('button', { name: 'Start' })).toHaveProperty('disabled', true);
  });

  it('says why it could not be made, and can be made again', async () => {
    let isBroken = true;
    const { dialog } = await openPlan({
      'scan.plan': () => (isBroken ? new Fault('The files of this intake are missing.') : flightPlan()),
    });
    expect((await dialog.findByRole('alert')).textContent).toContain('The files of this intake are missing.');
    expect(dialog.getByRole('button', { name: 'Start' })).toHaveProperty('disabled', true);
    isBroken = false;
    fireEvent.click(dialog.getByRole('button', { name: 'Try again' }));
    expect(await dialog.findByText('hashes to ask')).toBeDefined();
  });

  it('says that it is being made while it is', async () => {
    const { dialog } = await openPlan({ 'scan.plan': () => new Promise(() => undefined) });
    expect(dialog.getByText(/Looking up what 3 hashes would cost. Nothing is sent./)).toBeDefined();
    expect(dialog.getByRole('button', { name: 'Start' })).toHaveProperty('disabled', true);
  });

  it('does not take the keyboard from a button somebody went to while it was made', async () => {
    let made: (() => void) | undefined;
    const { dialog } = await openPlan({
      'scan.plan': () => new Promise((resolve) => void (made = () => resolve(flightPlan()))),
    });
    dialog.getByRole('button', { name: 'Cancel' }).focus();
    await waitFor(() => expect(made).toBeDefined());
    act(() => made?.());
    await dialog.findByText('hashes to ask');
    expect(document.activeElement).toBe(dialog.getByRole('button', { name: 'Cancel' }));
  });

  it('shows the tightest window, and no quota where there is none', async () => {
    const { dialog } = await openPlan({
      'scan.plan': () =>
        flightPlan({
          sources: [
            sourcePlan({ quota: [{ window: 'minute', limit: 30, spent: 0, after: 1 }] }),
            sourcePlan({
              source: 'virustotal',
              quota: [
                { window: 'day', limit: 500, spent: 10, after: 20 },
                { window: 'month', limit: 15_500, spent: 15_000, after: 15_400 },
              ],
            }),
          ],
        }),
    });
    await dialog.findByText('hashes to ask');
    const rows = dialog.getAllByRole('row').map((row) => row.textContent);
    expect(rows[1]).toContain('no quota');
    expect(rows[2]).toContain('100 / 15,500month');
  });

  it('puts the list under Never ask instead', async () => {
    const { bridge, dialog } = await openPlan({ 'intake.setEmbargo': () => ({}) });
    fireEvent.click(await dialog.findByRole('checkbox', { name: 'Never ask for this list' }));
    fireEvent.click(dialog.getByRole('button', { name: 'Never ask' }));
    await waitFor(() => expect(bridge.inputsOf('intake.setEmbargo')).toEqual([{ intakeId: 7, embargo: true }]));
    expect(bridge.inputsOf('scan.start')).toEqual([]);
  });
});

describe('a list under Never ask', () => {
  it('has no scan, and says why', async () => {
    const { bridge, grid } = await openList({
      'intake.get': () => ({ intake: intake({ embargo: true }), inputs: [input()] }),
    });
    expect(screen.queryByRole('button', { name: /^Scan/ })).toBeNull();
    expect(screen.getByText('Never ask is on.')).toBeDefined();
    fireEvent.keyDown(grid, { key: 's' });
    expect(await screen.findAllByText(/none of its hashes leaves this machine/)).not.toHaveLength(0);
    expect(bridge.namesAsked()).not.toContain('scan.plan');
  });
});

describe('a scan that runs', () => {
  const groups = [
    group(),
    group({ source: 'wildfire', waiting: 0, done: 40, dropped: 3, waitingFor: '', endsAt: null }),
    group({ intakeId: 8, waiting: 5000 }),
  ];

  it('shows how far it is for this list alone, and until when', async () => {
    await openList({
      'outbound.state': () => outboundState({ depth: 5206, perSecond: 2.4, groups }),
    });
    const line = within(await screen.findByRole('region', { name: 'Asking sources' }));
    expect(line.getByText(/200 answered, 206 questions left, 5 not needed, ends/)).toBeDefined();
    expect(line.getByText('VirusTotal: 4 a minute')).toBeDefined();
    expect(line.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('50');
  });

  it('tells no rate while everything waits, and is not what to press next', async () => {
    let waitingFor = '4 a minute';
    const { bridge } = await openList({
      'outbound.state': () => outboundState({ depth: 206, perSecond: 2.4, groups: [group({ waitingFor })] }),
    });
    const line = await screen.findByRole('region', { name: 'Asking sources' });
    expect(line.textContent).toMatch(/^Waiting160 answered, 206 questions left, 2 not needed, ends/);
    const scan = screen.getByRole('button', { name: /^Scan / });
    expect(scan.className).not.toContain('primary');
    expect(scan.title).toContain('A scan of this list goes on');
    waitingFor = '';
    act(() => bridge.push('changed', { kinds: ['queue'], intakeIds: [] }));
    await waitFor(() => expect(line.textContent).toContain('2.4 a second'));
  });

  it('names the offline switch once', async () => {
    await openList({
      'outbound.state': () =>
        outboundState({
          offline: true,
          groups: [
            group({ waitingFor: 'the offline switch' }),
            group({ source: 'wildfire', waitingFor: 'the offline switch' }),
          ],
        }),
    });
    const line = await screen.findByRole('region', { name: 'Asking sources' });
    expect(line.textContent).toMatch(/^Offline320 answered, 412 questions left/);
    expect(line.textContent).not.toContain('switch');
  });

  it('is held and ended for this list alone', async () => {
    const state = outboundState({ depth: 206, groups });
    const { bridge } = await openList({
      'outbound.state': () => state,
      'outbound.pause': () => state,
      'outbound.cancel': () => ({ removed: 206 }),
    });
    const line = within(await screen.findByRole('region', { name: 'Asking sources' }));
    fireEvent.click(line.getByRole('button', { name: 'Pause' }));
    fireEvent.click(line.getByRole('button', { name: 'Cancel scan' }));
    await waitFor(() => expect(bridge.inputsOf('outbound.cancel')).toEqual([{ intakeId: 7 }]));
    expect(bridge.inputsOf('outbound.pause')).toEqual([{ intakeId: 7 }]);
  });

  it('is gone when nothing waits for the list', async () => {
    let groupsNow = groups;
    const { bridge } = await openList({ 'outbound.state': () => outboundState({ groups: groupsNow }) });
    await screen.findByRole('region', { name: 'Asking sources' });
    groupsNow = [];
    act(() => bridge.push('changed', { kinds: ['queue'], intakeIds: [] }));
    await waitFor(() => expect(screen.queryByRole('region', { name: 'Asking sources' })).toBeNull());
  });
});
