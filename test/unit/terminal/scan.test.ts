import { describe, expect, it } from 'vitest';
import type { FlightPlan, ScanRequest } from '#shared/contract/scan.ts';
import type { OutboundState, QueueGroupView, QueuePart } from '#shared/contract/outbound.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { StopSignal } from '#main/shells/terminal/host.ts';
import { intakesWith, NOW, row, run, summary, type StageOptions } from './stage.ts';

const PLAN: FlightPlan = {
  hashes: 368,
  ask: 207,
  without: { total: 150, hashList: 3, knownSet: 0, fresh: 120, link: 20, queued: 7, conclusive: 0 },
  cannot: [{ hashes: 11, sentence: 'WildFire takes no SHA-1, and no other digest of these files is known.' }],
  requests: 208,
  strategy: 'certain',
  sources: [
    {
      source: 'virustotal',
      ask: 207,
      requests: 207,
      singles: 0,
      follows: '',
      billed: 207,
      billedBy: 'request',
      hashesPerRequest: 1,
      fresh: 120,
      link: 20,
      queued: 7,
      conclusive: 0,
      cannot: [],
      quota: [
        { window: 'minute', limit: 4, spent: 0, after: 4 },
        { window: 'day', limit: 500, spent: 339, after: 500 },
      ],
      endsAt: (NOW + 86_400) * 1000,
      waits: '161 today, then 46 wait for its day at 00:00 UTC',
    },
  ],
  steps: [{ source: 'virustotal', hashes: 207, requests: 207, singles: 0, settles: 21, left: 186 }],
  endsAt: (NOW + 86_400) * 1000,
  strategies: [
    { strategy: 'certain', requests: 208, endsAt: (NOW + 86_400) * 1000 },
    { strategy: 'fastest', requests: 190, endsAt: null },
    { strategy: 'cheapest', requests: 100, endsAt: null },
  ],
  notes: ['The hashes are sent to VirusTotal. File names, paths and other columns of the list stay here.'],
  possible: true,
  elapsedMs: 4,
};

const GROUP: QueueGroupView = {
  source: 'virustotal',
  purpose: 'new',
  intakeId: 7,
  title: 'list.txt',
  waiting: 3,
  onTheWay: 0,
  done: 204,
  dropped: 0,
  paused: false,
  waitingFor: '',
  endsAt: null,
};
const STATE: OutboundState = {
  owner: null,
  offline: false,
  sentence: 'No process asks sources.',
  depth: 3,
  inFlight: 0,
  perSecond: 0,
  avoidedToday: { total: 0, by: { 'hash-list': 0, 'known-set': 0, fresh: 0, link: 0, queued: 0, conclusive: 0 } },
  groups: [GROUP],
};
const OWNER = { pid: 4711, shell: 'electron', since: NOW * 1000, isThis: false };

function world(state: OutboundState = STATE, plan: FlightPlan = PLAN) {
  const calls: [string, unknown][] = [];
  const intakes = intakesWith([row(0)], summary({ id: 7 }));
  return {
    calls,
    engine: {
      intakes,
      scanning: {
        plan: async (request: ScanRequest) => {
          calls.push(['plan', request]);
          return plan;
        },
        start: async (request: ScanRequest) => {
          calls.push(['start', request]);
          return { queued: 207, alreadyQueued: 7, without: 150, cannot: 11 };
        },
      },
      outbound: {
        state: async () => state,
        seek: () => {
          calls.push(['seek', null]);
          return async () => void calls.push(['give up', null]);
        },
        drained: (part: QueuePart, signal: AbortSignal) =>
          state.owner === null || state.groups[0]?.waitingFor === ''
            ? Promise.resolve(void calls.push(['drained', part]))
            : new Promise<void>((_, reject) => {
                signal.addEventListener('abort', () => reject(new AppError('CANCELLED', 'Cancelled.')));
              }),
      },
    },
  };
}

const names = (calls: readonly [string, unknown][]): string[] => calls.map(([name]) => name);
const request = { intakeId: 7, strategy: 'certain', selection: { kind: 'query', query: { statuses: ['unknown'] } } };

async function scan(
  argv: readonly string[],
  options: StageOptions & { state?: OutboundState; plan?: FlightPlan } = {},
) {
  const { calls, engine } = world(options.state, options.plan);
  const ran = await run(['scan', ...argv], { ...options, engine });
  return { ...ran, calls };
}

describe('plan', () => {
  it('shows what a scan would cost', async () => {
    const { calls, engine } = world();
    const { code, out, err } = await run(['plan', '7'], { engine });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.split('\n')).toEqual([
      'Flight plan for intake 7: 368 hashes',
      '  207 to ask, 208 requests at the most',
      '  150 need no call: hash list 3, fresh answers 120, answers under another digest 20, queued already 7',
      '  11 not asked: WildFire takes no SHA-1, and no other digest of these files is known.',
      '',
      'source      ask  requests  fresh  by link  queued  cannot  ends',
      'VirusTotal  207       207    120       20       7       0  2026-11-23 04:00:00 UTC',
      '  VirusTotal: 4 a minute; day 339 of 500, then 500; 161 today, then 46 wait for its day at 00:00 UTC',
      '',
      'Ends: 2026-11-23 04:00:00 UTC',
      'Strategies: certain 208 requests, ends 2026-11-23 04:00:00 UTC; fastest 190 requests, its end cannot be told; cheapest 100 requests, its end cannot be told',
      '',
      'The hashes are sent to VirusTotal. File names, paths and other columns of the list stay here.',
      '',
    ]);
    expect(calls).toMatchObject([['plan', request]]);
    const none = world(STATE, { ...PLAN, hashes: 0, ask: 0, sources: [], notes: [] });
    const empty = await run(['plan', '7'], { engine: none.engine });
    expect(empty.out).toContain(
      'No row is to be asked about: unknown ones are, unless --status or --all takes others.',
    );
  });

  it('shows the order of the sources with what each is expected to settle, and the single calls', async () => {
    const [own] = PLAN.sources;
    const steps: FlightPlan['steps'] = [
      { source: 'wildfire', hashes: 207, requests: 1, singles: 0, settles: 20, left: 187 },
      { source: 'virustotal', hashes: 187, requests: 227, singles: 40, settles: 18, left: 169 },
    ];
    const follows = 'About 40 single calls are expected for details of what it calls malicious or suspicious.';
    const sources = own === undefined ? [] : [{ ...own, requests: 247, singles: 40, follows }];
    const { engine } = world(STATE, { ...PLAN, requests: 248, strategy: 'cheapest', steps, sources });
    const { out } = await run(['plan', '7', '--strategy', 'cheapest'], { engine });
    expect(out).toContain('  207 to ask, about 248 requests, 40 of them single calls that follow answers\n');
    expect(out).toContain(`  VirusTotal: ${follows}\n`);
    expect(out).toContain(
      [
        'One after another, in this order. Expected:',
        'source      hashes  requests  malicious first here  left open',
        'WildFire       207         1                    20        187',
        'VirusTotal     187       227                    18        169',
      ].join('\n'),
    );
  });

  it('is one JSON object on request', async () => {
    const { engine } = world();
    const { out } = await run(['plan', '7', '--json'], { engine });
    expect(JSON.parse(out)).toEqual({ intakeId: 7, ...PLAN });
  });

  it('takes sources, a strategy and verdicts', async () => {
    const { calls, engine } = world();
    const argv = ['--sources', 'wildfire,virustotal', '--strategy', 'cheapest', '--status', 'unknown,pending'];
    await run(['plan', '7', ...argv], { engine });
    expect(calls[0]?.[1]).toMatchObject({
      sources: ['wildfire', 'virustotal'],
      strategy: 'cheapest',
      selection: { query: { statuses: ['unknown', 'pending'] } },
    });
    await run(['plan', '7', '--all'], { engine });
    expect(calls[1]?.[1]).toMatchObject({ selection: { query: { statuses: [] } } });
  });

  it('reads files first, and says as which intake they are kept', async () => {
    const { calls, engine } = world();
    const { out, err } = await run(['plan', 'list.txt'], { engine });
    expect(engine.intakes.calls[0]).toEqual(['start', expect.objectContaining({ door: 'terminal' })]);
    expect([calls[0]?.[1], out.split('\n')[0]]).toMatchObject([request, 'Flight plan for intake 7: 368 hashes']);
    expect(err).toContain('Kept as intake 7: 3 hashes.');
  });

  it.each([
    [['7', 'list.txt'], /7 is the number of an intake, and an intake is scanned alone/],
    [['7', '--sources', 'norton'], /"norton" is not a source/],
    [['7', '--strategy', 'lucky'], /Allowed choices are certain, fastest, cheapest/],
    [['7', '--all', '--status', 'unknown'], /cannot be used with/],
    [[], /missing required argument/],
  ])('refuses %j', async (argv, sentence) => {
    const { code, err } = await run(['plan', ...argv], { engine: world().engine });
    expect([code, err]).toEqual([2, expect.stringMatching(sentence)]);
  });
});

describe('scan', () => {
  it('refuses to spend where nobody can be asked', async () => {
    const { code, err, calls } = await scan(['7'], { stdin: '' });
    expect([code, calls]).toEqual([2, []]);
    expect(err).toContain('Add --yes, or --max-calls');
  });

  it('queues with --yes and says who sends', async () => {
    const nobody = await scan(['7', '--yes']);
    expect([nobody.code, names(nobody.calls)]).toEqual([0, ['plan', 'start']]);
    expect(nobody.err).toContain('207 questions queued; 7 waited already.');
    expect(nobody.err).toContain('Nobody sends it now: open Assay, start "assay run", or scan with --wait.');
    const somebody = await scan(['7', '--yes'], { state: { ...STATE, owner: OWNER } });
    expect(somebody.err).toContain('Process 4711 (electron) sends it.');
    const offline = await scan(['7', '--yes'], { state: { ...STATE, offline: true } });
    expect(offline.err).toContain('Assay is offline');
  });

  it('passes the most calls on, which is an answer to the question', async () => {
    const { code, calls } = await scan(['7', '--max-calls', '20']);
    expect([code, calls.map(([, asked]) => asked)]).toEqual([
      0,
      [expect.objectContaining({ maxCalls: 20 }), expect.objectContaining({ maxCalls: 20 })],
    ]);
  });

  it.each([
    ['y\n', ['plan', 'start'], '207 questions queued'],
    ['\n', ['plan'], 'Nothing was queued.'],
  ])('asks on a terminal and takes %j for what it is', async (typed, expected, said) => {
    const { PassThrough } = await import('node:stream');
    const stdinStream = new PassThrough();
    stdinStream.write(typed);
    const { code, err, calls } = await scan(['7'], { stdin: null, stdinStream, errTerminal: true });
    expect([code, names(calls)]).toEqual([0, expected]);
    expect(err).toContain('Send 207 hashes in at most 208 requests? [y/N]');
    expect(err).toContain(said);
  });

  it('queues nothing when nothing is to be asked', async () => {
    const { code, calls, err } = await scan(['7', '--yes'], {
      plan: { ...PLAN, possible: false, ask: 0, sources: [] },
    });
    expect([code, names(calls)]).toEqual([0, ['plan']]);
    expect(err).toContain('Nothing is asked.');
  });

  it('sends until all is heard with --wait, and shows the new counts', async () => {
    const { code, out, calls } = await scan(['7', '--yes', '--wait'], { state: { ...STATE, groups: [] } });
    expect([code, names(calls)]).toEqual([
      0,
      ['plan', 'start', 'seek', 'drained', 'give up', 'seek', 'plan', 'give up'],
    ]);
    expect(calls[3]?.[1]).toEqual({ intakeId: 7, purpose: 'new' });
    expect(out).toMatch(/Intake 7 now: ■ \d+ malicious, /);
  });

  it('waits for what an earlier scan queued, and says so without --wait', async () => {
    const plan = { ...PLAN, possible: false, ask: 0 };
    const state = { ...STATE, owner: { ...OWNER, isThis: true }, groups: [{ ...GROUP, intakeId: 3 }] };
    const { calls, engine } = world(state, plan);
    let plans = 0;
    const asked: unknown[] = [];
    engine.scanning.plan = async ({ selection }: ScanRequest) => {
      plans += 1;
      asked.push(selection);
      return plans < 3 ? plan : { ...plan, sources: [] };
    };
    const waited = await run(['scan', '7', '--yes', '--wait'], { engine });
    expect([waited.code, plans, names(calls)]).toEqual([0, 3, ['seek', 'give up']]);
    // A row that one source judged meanwhile is unknown no more, and still waits for the other.
    expect(asked.at(-1)).toMatchObject({
      kind: 'query',
      query: { statuses: ['malicious', 'suspicious', 'non-malicious', 'unknown'] },
    });
    expect(waited.err).toContain('Nothing new is asked. What was queued before is waited for.');
    expect(waited.out).toContain('Intake 7 now:');
    const left = await scan(['7', '--yes'], { plan });
    expect(left.err).toContain('Nothing new is asked. 7 answers are waited for already');
    const held = { ...state, groups: [{ ...GROUP, intakeId: 3, waitingFor: 'a key' }] };
    const stuck = await scan(['7', '--yes', '--wait'], { plan, state: held });
    expect([stuck.code, stuck.err]).toEqual([1, expect.stringContaining('7 hashes still wait, held back')]);
  });

  it('ends with 1 when only a person can make it go on', async () => {
    const held = { ...GROUP, waitingFor: 'the key was refused' };
    const state = { ...STATE, owner: { ...OWNER, isThis: true }, sentence: 'VirusTotal is stopped.', groups: [held] };
    const { code, err, calls } = await scan(['7', '--yes', '--wait'], { state });
    expect([code, calls.at(-1)]).toEqual([1, ['give up', null]]);
    expect(err).toContain('3 hashes still wait, held back: VirusTotal is stopped.');
  });

  it('leaves the rest in the queue when it is stopped', async () => {
    const busy = { ...STATE, owner: OWNER, inFlight: 1, groups: [{ ...GROUP, waitingFor: '4 a minute' }] };
    let stop: (signal: StopSignal) => void = () => undefined;
    const { calls, engine } = world(busy);
    const seek = engine.outbound.seek;
    engine.outbound.seek = () => {
      setImmediate(() => stop('SIGINT'));
      return seek();
    };
    const { code, err } = await run(['scan', '7', '--yes', '--wait'], { engine, onHost: (call) => (stop = call) });
    expect([code, calls.at(-1)]).toEqual([130, ['give up', null]]);
    expect(err).toContain('Stopped. What was not sent yet stays queued');
  });

  it('gives plan, queueing and counts as one JSON object', async () => {
    const { out } = await scan(['7', '--yes', '--wait', '--json'], { state: { ...STATE, groups: [] } });
    expect(JSON.parse(out)).toMatchObject({ plan: PLAN, started: { queued: 207 }, counts: { malicious: 1 } });
  });
});
