import { describe, expect, it } from 'vitest';
import type { OutboundState, QueueGroupView, RequestView } from '#shared/contract/outbound.ts';
import { AVOIDED_BY } from '#shared/domain/outcome.ts';
import { NOW, run } from './stage.ts';

const none = Object.fromEntries(AVOIDED_BY.map((reason) => [reason, 0])) as OutboundState['avoidedToday']['by'];
const stateOf = (change: Partial<OutboundState> = {}): OutboundState => ({
  owner: { pid: 42, shell: 'electron', since: NOW * 1000, isThis: false },
  offline: false,
  sentence: 'Nothing waits to be asked.',
  depth: 0,
  inFlight: 0,
  perSecond: 0,
  avoidedToday: { total: 0, by: none },
  groups: [],
  ...change,
});
const group: QueueGroupView = {
  source: 'virustotal',
  purpose: 'new',
  intakeId: 12,
  title: 'proxy\u001b[31m.csv',
  waiting: 1_612,
  onTheWay: 0,
  done: 207,
  dropped: 3,
  paused: false,
  waitingFor: 'its day, 00:00 UTC',
  endsAt: NOW * 1000 + 86_400_000,
};

/** An outbound service that tells these states in turn, the last one again and again, and remembers what it was told. */
function outbound(states: readonly OutboundState[], rows: readonly RequestView[] = []) {
  const told: unknown[] = [];
  let looks = 0;
  const next = (): OutboundState => states[Math.min(looks++, states.length - 1)] ?? stateOf();
  return {
    told,
    state: async () => next(),
    pause: async (part: unknown) => (told.push(['pause', part]), next()),
    resume: async (part: unknown) => (told.push(['resume', part]), next()),
    cancel: async (part: unknown) => (told.push(['cancel', part]), 3),
    seek: () => (told.push('seek'), async () => void told.push('give up')),
    requests: async ({ offset, limit }: { offset: number; limit: number }) => ({
      total: rows.length,
      rows: rows.slice(offset, offset + limit),
    }),
    requestHashes: async (id: number) => [{ hash: 'ab'.repeat(16), outcome: id === 1 ? 'answer' : null }],
  };
}

describe('queue', () => {
  it('says who asks, what waits and what for, without what would steer a terminal', async () => {
    const state = stateOf({
      sentence: '1,612 hashes wait: VirusTotal waits for its day, 00:00 UTC.',
      depth: 1_612,
      groups: [group],
    });
    const { code, out } = await run(['queue'], {
      engine: { outbound: outbound([state]) },
      columns: 160,
      env: { NO_COLOR: '1' },
    });
    expect(code).toBe(0);
    const [owner, sentence, avoided, , head, line] = out.split('\n');
    expect([owner, sentence, avoided]).toEqual([
      'Process 42 (electron) asks sources since 2026-11-22 04:00 UTC.',
      '1,612 hashes wait: VirusTotal waits for its day, 00:00 UTC.',
      'Today 0 calls were not needed.',
    ]);
    expect(head).toMatch(/source .*waiting +done +not needed +waits for +ends/);
    expect(line).toMatch(/VirusTotal +new .*1,612 +207 +3 +its day, 00:00 UTC +2026-11-23 04:00/);
    expect(out).not.toContain('\u001b');
  });

  it('leaves out what has been asked whole', async () => {
    const over = { ...group, title: 'over.csv', waiting: 0, waitingFor: '', endsAt: null };
    const last = { ...over, title: 'last.csv', onTheWay: 4 };
    const states = [stateOf({ groups: [group, over, last] })];
    const { out } = await run(['queue'], { engine: { outbound: outbound(states) }, columns: 160 });
    expect(out).toContain('last.csv');
    expect(out).not.toContain('over.csv');
  });

  it('writes the whole state as JSON', async () => {
    const state = stateOf({ groups: [group] });
    const { out } = await run(['queue', '--json'], { engine: { outbound: outbound([state]) } });
    expect(JSON.parse(out)).toEqual(state);
  });

  it.each([
    [['pause'], 'pause', {}],
    [['resume', '--source', 'virustotal'], 'resume', { source: 'virustotal' }],
    [['pause', '--source', 'wildfire', '--intake', '12'], 'pause', { source: 'wildfire', intakeId: 12 }],
  ] as const)('%j holds or lets go exactly that part', async (argv, what, part) => {
    const service = outbound([stateOf()]);
    expect((await run(['queue', ...argv], { engine: { outbound: service } })).code).toBe(0);
    expect(service.told).toEqual([[what, part]]);
  });

  it('cancels only what is named, and all of it only with --all', async () => {
    const service = outbound([stateOf()]);
    const refused = await run(['queue', 'cancel'], { engine: { outbound: service } });
    expect([refused.code, service.told]).toEqual([2, []]);
    expect(refused.err).toContain('--all');
    const both = await run(['queue', 'cancel', '--all', '--intake', '3'], { engine: { outbound: service } });
    expect([both.code, service.told]).toEqual([2, []]);
    const { err } = await run(['queue', 'cancel', '--intake', '3'], { engine: { outbound: service } });
    await run(['queue', 'cancel', '--all'], { engine: { outbound: service } });
    expect(service.told).toEqual([
      ['cancel', { intakeId: 3 }],
      ['cancel', {}],
    ]);
    expect(err).toBe('3 hashes were taken out of the queue, unasked.\n');
  });

  it('shows the record of requests, and with --json the hashes of each', async () => {
    const row: RequestView = {
      id: 1,
      source: 'wildfire',
      at: NOW * 1000,
      purpose: 'new',
      kind: 'md5',
      hashes: 1,
      single: false,
      outcome: null,
      httpStatus: null,
      elapsedMs: null,
      billed: 1,
      message: '',
    };
    const service = outbound([], [row, { ...row, id: 2, outcome: 'quota', httpStatus: 429, message: 'Spent.' }]);
    const table = await run(['queue', 'log'], { engine: { outbound: service }, columns: 160 });
    expect(table.out).toMatch(/WildFire +new +1 +on its way/);
    expect(table.out).toMatch(/quota +429 .*Spent\./);
    const json = await run(['queue', 'log', '--json', '--limit', '1'], { engine: { outbound: service } });
    expect(
      json.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([{ ...row, at: '2026-11-22T04:00:00.000Z', asked: [{ hash: 'ab'.repeat(16), outcome: 'answer' }] }]);
  });
});

describe('run', () => {
  const threatSync = { jobs: async () => ({ jobs: [] }) };

  it('asks until Ctrl-C, says who asks, gives up, and ends with 0', async () => {
    const service = outbound([stateOf({ owner: { pid: 7, shell: 'terminal', since: NOW * 1000, isThis: true } })]);
    let stop: (signal: 'SIGINT') => void = () => undefined;
    const state = () => {
      queueMicrotask(() => stop('SIGINT'));
      return service.state();
    };
    const engine = { outbound: { ...service, state }, threatSync };
    const { code, err } = await run(['run'], { engine, onHost: (call) => (stop = call) });
    expect([code, service.told]).toEqual([0, ['seek', 'give up']]);
    expect(err).toContain('This process asks sources (7), since 2026-11-22 04:00 UTC.');
  });

  it('ends by itself when nothing waits, with --until-empty', async () => {
    const waiting = stateOf({ depth: 5, groups: [{ ...group, waiting: 5 }] });
    const recheck = { ...group, purpose: 'recheck', waiting: 2, endsAt: null } as const;
    const service = outbound([waiting, stateOf({ groups: [recheck] })]);
    const { code } = await run(['run', '--until-empty'], { engine: { outbound: service, threatSync } });
    expect([code, service.told]).toEqual([0, ['seek', 'give up']]);
  });

  it('does not wait for what is asked again as time passes, with --until-empty', async () => {
    const rescans = { ...group, purpose: 'rescan', waiting: 900, onTheWay: 50 } as const;
    const service = outbound([
      stateOf({ inFlight: 2, groups: [rescans, { ...group, waiting: 0, onTheWay: 3 }] }),
      stateOf({ inFlight: 1, groups: [rescans] }),
    ]);
    const { code } = await run(['run', '--until-empty'], { engine: { outbound: service, threatSync } });
    expect([code, service.told]).toEqual([0, ['seek', 'give up']]);
  });

  it('ends with 1 when what waits needs a person, with --until-empty', async () => {
    const held = { ...group, waiting: 5, waitingFor: 'its key or settings to change', endsAt: null };
    const service = outbound([stateOf({ sentence: 'VirusTotal waits.', groups: [held] })]);
    const { code, err } = await run(['run', '--until-empty'], { engine: { outbound: service, threatSync } });
    expect(code).toBe(1);
    expect(err).toContain('5 hashes still wait, held back: VirusTotal waits.');
  });

  it('goes on while nobody asks yet', async () => {
    const service = outbound([stateOf({ owner: null }), stateOf({ owner: null }), stateOf()]);
    const { code, err } = await run(['run', '--until-empty'], { engine: { outbound: service, threatSync } });
    expect(code).toBe(0);
    expect(err).toContain('No process asks sources.');
  });
});
