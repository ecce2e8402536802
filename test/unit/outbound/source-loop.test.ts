import { afterEach, describe, expect, it } from 'vitest';
import type { HexDigest } from '#shared/domain/hash.ts';
import type { SourceConfig } from '#shared/settings/source-config.ts';
import type { ClaimArgs } from '#main/db/repositories/queue-types.ts';
import { createSourceLoop, type SourceLoop } from '#main/jobs/outbound/source-loop.ts';
import type { Provider, ProviderContext, RequestResult } from '#main/providers/port.ts';
import { answered, answerFor, failed, hashOf, plainConfig } from './answers.ts';
import { fakeLedger, type FakeLedger } from './fake-ledger.ts';
import { fakeTime, type FakeTime } from './fake-time.ts';

interface World {
  readonly time: FakeTime;
  readonly ledger: FakeLedger;
  readonly loop: SourceLoop;
  /** Hashes of every request, in order. */
  readonly asked: number[][];
  readonly faults: unknown[];
  config: SourceConfig;
  ready: boolean;
  /** What the source says to a request. */
  say(hashes: readonly HexDigest[], signal: AbortSignal): RequestResult | Promise<RequestResult>;
}

const worlds: World[] = [];
const fine = (hashes: readonly HexDigest[]): RequestResult => answered(hashes.map((hash) => answerFor(hash)));

function start(hashes: number, config: Partial<SourceConfig> = {}, say: World['say'] = fine, isReady = true): World {
  const time = fakeTime();
  const ledger = fakeLedger(
    5,
    Array.from({ length: hashes }, (_, n) => n + 1),
  );
  const asked: number[][] = [];
  const provider = {
    facts: { mostHashesPerRequest: 500, billedBy: 'request', takes: ['sha256'] },
    ask: async (asking: readonly HexDigest[], _kind: string, _context: unknown, signal: AbortSignal) => {
      asked.push(asking.map((hash) => Number.parseInt(hash, 16)));
      return world.say(asking, signal);
    },
  } as unknown as Provider;
  const ready = async () =>
    world.ready
      ? ({ ok: true, source: { provider, config: world.config, context: { key: '' } as ProviderContext } } as const)
      : ({ ok: false, sentence: 'No key.' } as const);
  const world = {
    time,
    ledger,
    asked,
    faults: [],
    config: { ...plainConfig, ...config },
    ready: isReady,
    say,
  } as unknown as World;
  const loop = createSourceLoop(
    {
      source: 'virustotal',
      ledger,
      timer: time,
      random: () => 0.5,
      ready,
      able: async () => [5],
      spending: async () => ({ freshSeconds: 86_400, notKnownSeconds: 86_400, rescanShare: 1 }),
      minuteMs: 60_000,
      avoid: true,
      onFault: (error) => world.faults.push(error),
    },
    { setMost: () => undefined, run: (work) => work() },
  );
  Object.assign(world, { loop });
  worlds.push(world);
  return world;
}

afterEach(async () => {
  const controller = new AbortController();
  controller.abort();
  const ended = worlds.splice(0);
  await Promise.all(ended.map(({ loop }) => loop.stop(controller.signal)));
  const [fault] = ended.flatMap(({ faults }) => faults);
  if (fault !== undefined) {
    throw fault;
  }
});

describe('asking', () => {
  it('goes on until nothing waits, and then does nothing at all', async () => {
    const world = start(5, { hashesPerRequest: 2 });
    await world.time.pass(1);
    expect(world.asked).toEqual([[1, 2], [3, 4], [5]]);
    const claims = world.ledger.claims.length;
    await world.time.pass(24 * 3_600_000);
    expect([world.ledger.claims.length, world.time.fired, world.time.armed]).toEqual([claims, 0, 0]);
    expect(world.loop.view()).toEqual({ source: 'virustotal', inFlight: 0, activity: 'idle', until: null });
  });

  it('has as many requests on their way as are allowed, and no more', async () => {
    let free = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      free = resolve;
    });
    const world = start(5, { concurrency: 3 }, async (hashes) => {
      await gate;
      return fine(hashes);
    });
    await world.time.pass(1);
    expect([world.asked.length, world.loop.view().inFlight]).toEqual([3, 3]);
    free();
    await world.time.pass(1);
    expect([world.asked.length, world.ledger.waiting.size]).toEqual([5, 0]);
  });

  it('waits without a key and goes on when there is one', async () => {
    const world = start(1, {}, fine, false);
    await world.time.pass(1);
    expect([world.loop.view().activity, world.asked]).toEqual(['held', []]);
    world.ready = true;
    await world.time.pass(15_000);
    expect([world.loop.view().activity, world.asked]).toEqual(['idle', [[1]]]);
  });

  it('misses nothing that is queued while it looks after a wait', async () => {
    const world = start(0);
    world.ledger.answer = { kind: 'wait', until: world.time.now() + 60_000, why: 'day' };
    world.loop.wake('source');
    await world.time.pass(1);
    const look = (args: ClaimArgs) => world.ledger.look(args);
    let looks = 0;
    world.ledger.claim = async (args) => {
      looks += 1;
      world.ledger.answer = null;
      const found = await look(args);
      if (looks === 1) {
        // Queued after the queue was looked at, and before the loop went to sleep.
        world.loop.wake('queue');
      }
      return found;
    };
    await world.time.pass(60_000);
    expect(looks).toBe(2);
  });

  it('ends with what is on its way heard', async () => {
    let free = (): void => undefined;
    const world = start(2, {}, async (hashes) => {
      await new Promise<void>((resolve) => {
        free = resolve;
      });
      return fine(hashes);
    });
    await world.time.pass(1);
    const stopping = world.loop.stop(new AbortController().signal);
    free();
    await stopping;
    expect([world.asked, world.ledger.settles.map((settle) => settle.outcome)]).toEqual([[[1]], ['answer']]);
  });

  it('puts a request that it broke off down as lost, spent and untried', async () => {
    const world = start(1, {}, async (_hashes, signal) => {
      await new Promise((resolve) => {
        signal.addEventListener('abort', resolve);
      });
      return failed('transient');
    });
    await world.time.pass(1);
    const controller = new AbortController();
    const stopping = world.loop.stop(controller.signal);
    controller.abort();
    await stopping;
    const [settle] = world.ledger.settles;
    expect([settle?.outcome, settle?.billed, world.ledger.waiting.get(1)?.attempts]).toEqual(['lost', 1, 0]);
    expect(world.ledger.present.faults).toBe(0);
  });
});

describe('faults of its own', () => {
  it('puts down what was heard once the database can be written again', async () => {
    const world = start(1);
    world.ledger.settle = () => Promise.reject(new Error('the disk is full'));
    await world.time.pass(5_500);
    expect([world.asked, world.ledger.waiting.size, world.faults.length]).toEqual([[[1]], 1, 6]);
    world.ledger.settle = (args) => world.ledger.put(args);
    await world.time.pass(1_000);
    expect([world.asked, world.ledger.waiting.size]).toEqual([[[1]], 0]);
    world.faults.length = 0;
  });

  it('takes a defect of an adapter for an answer that cannot be read, and tries the hash again later', async () => {
    const world = start(1, {}, () => {
      throw new TypeError('a defect');
    });
    await world.time.pass(1_000);
    expect([world.faults.length, world.ledger.waiting.get(1)?.attempts]).toEqual([1, 1]);
    world.faults.length = 0;
    world.say = fine;
    await world.time.pass(60_000);
    expect(world.ledger.waiting.size).toBe(0);
  });

  it('goes on after a claim that failed', async () => {
    const world = start(0);
    world.ledger.claim = () => Promise.reject(new Error('busy'));
    await world.time.pass(1);
    expect(world.faults.length).toBe(1);
    world.faults.length = 0;
    world.ledger.claim = (args) => world.ledger.look(args);
    await world.time.pass(15_000);
    expect(world.loop.view().activity).toBe('idle');
  });
});

describe('a source in trouble', () => {
  it('is stopped by a refused key, and asked again when the key changes', async () => {
    const world = start(3, {}, () => failed('auth'));
    await world.time.pass(3_600_000);
    expect([world.asked, world.ledger.present.state]).toEqual([[[1]], 'stopped']);
    world.say = fine;
    world.ledger.present = { ...world.ledger.present, state: 'ready', reason: null };
    world.loop.wake('source');
    await world.time.pass(1);
    expect([world.asked.length, world.ledger.waiting.size]).toEqual([4, 0]);
  });

  it('waits for a quota without a single call, and counts no try', async () => {
    const world = start(2, {}, () => failed('quota', { window: 'day' }));
    await world.time.pass(14 * 3_600_000);
    expect([world.asked, world.ledger.present.state]).toEqual([[[1]], 'waiting']);
    world.say = fine;
    // The day ends at 00:00 UTC, 14.5 hours after the start; a minute later it asks.
    await world.time.pass(1_800_000 + 59_000);
    expect(world.asked.length).toBe(1);
    await world.time.pass(1_500);
    expect([world.asked, world.ledger.present.state]).toEqual([[[1], [1], [2]], 'ready']);
    expect(world.ledger.settles[1]?.rows[0]?.outcome).toBe('answer');
  });

  it('is not woken by new hashes while it waits for a quota', async () => {
    const world = start(1, {}, () => failed('quota', { window: 'day' }));
    await world.time.pass(1);
    const claims = world.ledger.claims.length;
    for (let change = 0; change < 50; change += 1) {
      world.loop.wake('queue');
    }
    await world.time.pass(1);
    expect(world.ledger.claims.length).toBe(claims);
  });

  it('is woken by new hashes while only rescans wait for their share', async () => {
    const world = start(1);
    world.ledger.answer = { kind: 'wait', until: world.time.now() + 3_600_000, why: 'day', forRescans: true };
    await world.time.pass(1);
    world.ledger.answer = null;
    world.loop.wake('queue');
    await world.time.pass(1);
    expect(world.asked).toEqual([[1]]);
  });

  it('opens its circuit after five faults, probes with one hash, and goes on after an answer', async () => {
    const world = start(40, { hashesPerRequest: 10 }, () => failed('transient'));
    await world.time.pass(60_000);
    expect([world.ledger.present.state, world.ledger.present.faults]).toEqual(['open', 5]);
    const before = world.asked.length;
    await world.time.pass(60_000);
    expect(world.asked.slice(before).map((hashes) => hashes.length)).toEqual([1]);
    await world.time.pass(301_000);
    expect(world.asked.slice(before).map((hashes) => hashes.length)).toEqual([1, 1]);
    world.say = fine;
    await world.time.pass(901_000);
    expect([world.ledger.present.state, world.ledger.present.faults]).toEqual(['ready', 0]);
    expect(world.asked[before + 2]?.length).toBe(1);
    await world.time.pass(3_600_000);
    expect(world.ledger.waiting.size).toBe(0);
  });

  it('sends no second request beside a probe', async () => {
    const world = start(40, { concurrency: 8 }, async () => {
      await new Promise<void>((resolve) => world.time.after(50, resolve));
      return failed('transient');
    });
    await world.time.pass(60_000);
    expect(world.ledger.present.faults).toBe(5);
    const before = world.asked.length;
    world.say = async (hashes) => {
      await new Promise<void>((resolve) => world.time.after(30_000, resolve));
      return fine(hashes);
    };
    await world.time.pass(62_000);
    expect([world.ledger.present.state, world.asked.length - before]).toEqual(['open', 1]);
    await world.time.pass(3_600_000);
    expect(world.ledger.waiting.size).toBe(0);
  });

  it('counts requests that failed together as one fault', async () => {
    const world = start(40, { concurrency: 8 }, async () => {
      await new Promise<void>((resolve) => world.time.after(50, resolve));
      return failed('transient');
    });
    await world.time.pass(100);
    expect([world.asked.length, world.ledger.present.faults]).toEqual([8, 1]);
  });

  it('finds the one hash that a source takes no batch with', async () => {
    const world = start(64, { hashesPerRequest: 64 }, (hashes) =>
      hashes.includes(hashOf(13)) ? failed('invalid-input') : fine(hashes),
    );
    await world.time.pass(3_600_000);
    const outcomes = world.ledger.settles.flatMap((settle) => settle.rows).filter((row) => row.next === 'done');
    expect(outcomes.filter((row) => row.outcome !== 'answer').map((row) => row.queueId)).toEqual([13]);
    expect([outcomes.length, world.ledger.present.state]).toEqual([64, 'ready']);
  });

  it('asks for as many at once as a source answers, where it leaves the others out', async () => {
    const left = { outcome: 'transient', status: 'unknown' } as const;
    const world = start(400, { hashesPerRequest: 100 }, (hashes) =>
      answered(hashes.map((hash, n) => answerFor(hash, n >= hashes.length - 20 ? {} : left))),
    );
    await world.time.pass(6 * 3_600_000);
    const outcomes = world.ledger.settles.flatMap((settle) => settle.rows).filter((row) => row.next === 'done');
    expect(outcomes.filter((row) => row.outcome !== 'answer')).toEqual([]);
    expect([outcomes.length, world.ledger.present.state]).toEqual([400, 'ready']);
    // Most requests find out nothing that the one before did not.
    expect(world.asked.length).toBeLessThan(60);
  });

  it('learns a lower limit from a refusal far below what is set', async () => {
    let calls = 0;
    const world = start(20, { callsPerMinute: 60 }, (hashes) => {
      calls += 1;
      return calls > 4 ? failed('quota', { window: 'minute' }) : fine(hashes);
    });
    await world.time.pass(1);
    expect(world.ledger.present.learned).toEqual([
      { window: 'minute', allowed: 4, used: null, at: world.time.now() - 1 },
    ]);
  });
});

describe('a clock that jumps', () => {
  it('ends a wait after the machine slept', async () => {
    const world = start(1, {}, () => failed('quota', { until: Date.UTC(2026, 10, 22, 12) }));
    await world.time.pass(1);
    world.say = fine;
    world.time.jump(8 * 3_600_000);
    await world.time.pass(15_000);
    expect(world.ledger.waiting.size).toBe(0);
  });

  it('set back by a day does not make a wait of a minute one of a day', async () => {
    const world = start(1, {}, () => failed('quota', { window: 'minute' }));
    await world.time.pass(1);
    world.say = fine;
    world.time.jump(-86_400_000);
    await world.time.pass(100_000);
    expect(world.ledger.waiting.size).toBe(0);
  });
});
