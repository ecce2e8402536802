// `node test/soak/year/process.ts START_AS_JSON`: lives a year of a data directory on a clock of its own, told to the parent
// before each step of time. May be killed at any moment; the next one goes on from the event the parent names.
import { once } from 'node:events';
import type { SourceConfigChange } from '#shared/settings/source-config.ts';
import type { Engine } from '#main/services/engine-port.ts';
import type { SimulatedSource } from '#main/simulators/start.ts';
import { HOUR, lifeDigests, live, openAt, scanList } from '../../integration/life/life-world.ts';
import { createVirtualTime } from '../../integration/life/virtual-time.ts';
import type { FromYear, YearStart } from './messages.ts';
import { configOf, endOf, eventsOf, type YearEvent } from './plan.ts';

const start = JSON.parse(process.argv[2] ?? '{}') as YearStart;
const time = createVirtualTime(start.now);
const faults = {
  push(fault: unknown): number {
    tell({ kind: 'fault', text: JSON.stringify(fault, worded) });
    return 0;
  },
};

process.once('disconnect', () => process.exit(1));
await main();
process.exit(0);

async function main(): Promise<void> {
  const engine = await openAt(start.directory, time, faults);
  for (const source of Object.keys(start.urls) as SimulatedSource[]) {
    await engine.sources.set(source, {
      plan: 'paid',
      enabled: true,
      proxy: { kind: 'none' },
      ...optionsOf(source),
      ...configOf(source),
      url: start.urls[source] ?? '',
    });
  }
  await engine.handlers['settings.set']({ maxDatabaseMiB: start.capMiB });
  let giveUp = engine.outbound.seek();
  const events = eventsOf(start.hashes, start.days);
  for (let index = start.nextEvent; index < events.length; index += 1) {
    const event = events[index] as YearEvent;
    await liveUntil(engine, event.at);
    if (event.kind === 'purge') {
      await giveUp();
      await happen(engine, event);
      giveUp = engine.outbound.seek();
    } else {
      await happen(engine, event);
    }
    await told({ kind: 'event', index });
    await size(engine);
  }
  await liveUntil(engine, endOf(start.days));
  await size(engine);
  await giveUp();
  await engine.dispose();
}

/** What a source has to be told besides. */
function optionsOf(source: SimulatedSource): SourceConfigChange {
  return source === 'reversinglabs-titaniumcloud' ? { options: { username: 'u/simulated/analyst' } } : {};
}

async function liveUntil(engine: Engine, until: number): Promise<void> {
  await live(engine, time, until, {
    idleStep: 6 * HOUR,
    beforeJump: (ms) => told({ kind: 'now', now: ms, steady: time.steady() + ms - time.now() }),
  });
}

async function happen(engine: Engine, event: YearEvent): Promise<void> {
  switch (event.kind) {
    case 'list':
      await list(engine, event);
      return;
    case 'forget': {
      const intake = await named(engine, event.name);
      if (intake !== null) {
        await engine.intakes.forget(intake);
      }
      return;
    }
    case 'hash-list':
      await engine.hashList.add({
        groups: lifeDigests(event.from, event.count, start.seed).map((sha256) => ({ sha256 })),
        side: 'non-malicious',
        note: '',
        reason: 'part of the year',
        expiresAt: Math.floor(event.until / 1000),
      });
      return;
    case 'purge':
      await purge(engine, event.days);
      return;
    case 'sleep':
      await told({ kind: 'now', now: time.now() + event.milliseconds, steady: time.steady() + event.milliseconds });
      time.sleep(event.milliseconds);
      return;
    case 'set-clock':
      await told({ kind: 'now', now: time.now() + event.by, steady: time.steady() });
      time.setWall(event.by);
      return;
    default:
      throw new Error(`no such event: ${JSON.stringify(event satisfies never)}`);
  }
}

/** One that was read before a kill is not read again; what it asks is queued again, which changes nothing. */
async function list(engine: Engine, event: Extract<YearEvent, { kind: 'list' }>): Promise<void> {
  const before = await named(engine, event.name);
  if (before !== null) {
    await engine.intakes.forget(before);
  }
  await scanList(engine, lifeDigests(event.from, event.count, start.seed), event.name);
}

async function named(engine: Engine, name: string): Promise<number | null> {
  const { rows } = await engine.intakes.list({ offset: 0, limit: 500 });
  return rows.find(({ title }) => title === name)?.id ?? null;
}

async function purge(engine: Engine, days: number): Promise<void> {
  const signal = new AbortController().signal;
  await engine.handlers['settings.set']({ removeItemDays: days });
  const previewed = await engine.life.preview(signal);
  const purged = await engine.life.purge(() => undefined, signal);
  tell({
    kind: 'purge',
    previewed: { items: previewed.items, files: previewed.files },
    purged: { items: purged.items, files: purged.files },
  });
  await engine.handlers['settings.set']({ removeItemDays: null });
}

async function size(engine: Engine): Promise<void> {
  const { size } = await engine.life.effects({ settings: {}, sources: {} }, new AbortController().signal);
  tell({ kind: 'size', bytes: size.bytes, cap: size.cap });
}

function tell(message: FromYear): void {
  process.send?.(message);
}

/** Waits until the parent has heard it. */
async function told(message: FromYear): Promise<void> {
  const answer = once(process, 'message');
  tell(message);
  await answer;
}

function worded(_key: string, value: unknown): unknown {
  return value instanceof Error ? (value.stack ?? value.message) : value;
}
