// `node test/soak/quarter/process.ts START_AS_JSON`: one of two processes on a directory, on a clock the parent moves. Does what
// the parent says, one after the other; may be killed at any moment.
import { flushCompileCache } from 'node:module';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SourceConfigChange } from '#shared/settings/source-config.ts';
import type { Engine } from '#main/services/engine-port.ts';
import { SIMULATED_SOURCES, type SimulatedSource } from '#main/simulators/start.ts';
import { lifeDigests, openAt, scanList, settle } from '../../integration/life/life-world.ts';
import { createVirtualTime } from '../../integration/life/virtual-time.ts';
import type { Answers, Deed, FromMember, PanelAsked, QuarterStart, Told } from './messages.ts';
import { configOf } from './plan.ts';

const start = JSON.parse(process.argv[2] ?? '{}') as QuarterStart;
const time = createVirtualTime(start.now);
/** Real time; a look that is passed over, as the one before goes on, is not waited for longer. */
const LOOK_PATIENCE_MS = 500;
const signal = new AbortController().signal;
let giveUp: (() => Promise<void>) | null = null;

process.once('disconnect', () => process.exit(1));
const engine: Engine = await openAt(start.directory, time, {
  push(fault: unknown): number {
    tell({ kind: 'fault', text: JSON.stringify(fault, worded) });
    return 0;
  },
});
process.on('message', (told: Told) => {
  void obeyed(told)
    .catch((error: unknown): Answers => ({ fault: JSON.stringify(error, worded) }))
    .then((answers) => {
      tell({ kind: 'done', ...answers });
      if (told.kind === 'stop') {
        process.disconnect?.();
        process.exit(0);
      }
    });
});
tell({ kind: 'done' });
// The next process starts faster, whatever becomes of this one.
flushCompileCache();

async function obeyed(told: Told): Promise<Answers> {
  switch (told.kind) {
    case 'sources':
      await setSources(told.urls);
      return {};
    case 'seek':
      giveUp ??= engine.outbound.seek();
      return settled();
    case 'give-up':
      await giveUp?.();
      giveUp = null;
      return settled();
    case 'settle':
      return settled();
    case 'pass':
      time.pass(told.milliseconds);
      return settled(told.looks);
    case 'sleep':
      time.sleep(told.milliseconds);
      return settled(told.looks);
    case 'set-wall':
      time.setWall(told.milliseconds);
      return settled();
    case 'deed':
      return { ...(await done(told.deed)), ...(await settled()) };
    case 'board':
      return { panels: await Promise.all(told.panels.map(readPanel)) };
    case 'forecast':
      return { rows: (await engine.handlers['usage.forecast']({})).rows };
    default:
      await giveUp?.();
      await engine.dispose();
      return {};
  }
}

async function settled(looks = false): Promise<Answers> {
  await settle(engine);
  if (looks) {
    await lookedAt();
  }
  return { untilNext: time.untilNext() };
}

async function lookedAt(): Promise<void> {
  const patience = performance.now() + LOOK_PATIENCE_MS;
  while (!(await isLookedAt()) && performance.now() < patience) {
    await nextTurn();
  }
}

/** Looking waits for the disk, of which steps of time know nothing: hours would pass meanwhile. */
async function isLookedAt(): Promise<boolean> {
  const minute = Math.floor(time.now() / 60_000) * 60;
  const stretches = await engine.database.read('metricPresence', { from: minute, to: minute + 60 });
  return stretches.length > 0;
}

async function setSources(urls: Readonly<Record<string, string>>): Promise<void> {
  for (const [source, url] of Object.entries(urls) as [SimulatedSource, string][]) {
    const options: SourceConfigChange =
      source === 'reversinglabs-titaniumcloud' ? { options: { username: 'u/simulated/analyst' } } : {};
    await engine.sources.set(source, {
      plan: 'paid',
      enabled: true,
      proxy: { kind: 'none' },
      ...options,
      ...configOf(source),
      url,
    });
  }
  await engine.handlers['settings.set']({ requestLogDays: 3650, removeItemDays: null });
}

async function done(deed: Deed): Promise<Answers> {
  switch (deed.kind) {
    case 'list':
      await scanList(engine, digests(deed.numbers), deed.name);
      return {};
    case 'look-up':
      await engine.lookup.find(digests(deed.numbers).join('\n'));
      for (const digest of deed.asks ? digests(deed.numbers) : []) {
        await engine.lookup.ask(digest, SIMULATED_SOURCES, false);
      }
      // Noted within half a second of real time, of which a kill would leave nothing: it comes hours later by this clock.
      await engine.recording.settle(signal);
      return {};
    case 'forget':
      await engine.intakes.forget(await intakeNamed(deed.name));
      return {};
    case 'hash-list':
      await engine.hashList.add({
        groups: digests(deed.numbers).map((sha256) => ({ sha256 })),
        side: deed.side,
        note: '',
        reason: 'part of the quarter',
        expiresAt: deed.expiresAt,
      });
      return {};
    case 'unlist':
      await engine.hashList.removeHashes(digests(deed.numbers));
      return {};
    case 'purge':
      return purged(deed.days);
    default:
      await engine.outbound[deed.kind]({ source: deed.source });
      return {};
  }
}

async function purged(days: number): Promise<Answers> {
  await engine.handlers['settings.set']({ removeItemDays: days });
  const { items } = await engine.life.purge(() => undefined, signal);
  await engine.handlers['settings.set']({ removeItemDays: null });
  return { purged: items };
}

async function intakeNamed(name: string): Promise<number> {
  const { rows } = await engine.intakes.list({ offset: 0, limit: 500 });
  const intake = rows.find(({ title }) => title === name);
  if (intake === undefined) {
    throw new Error(`no intake is called ${name}`);
  }
  return intake.id;
}

/** As a window asks for it; the number of intervals says their length. */
async function readPanel({ panel, split, from, to, stepSeconds }: PanelAsked) {
  const points = (to - from) / stepSeconds;
  const data = await engine.handlers['usage.panel']({ panel, split, from, to, points, compare: false });
  if (data.stepSeconds !== stepSeconds || data.from !== from || data.to !== to) {
    throw new Error(`${panel} was told by ${data.stepSeconds} s from ${data.from} to ${data.to}`);
  }
  return data;
}

function digests(numbers: readonly number[]) {
  return numbers.flatMap((number) => lifeDigests(number, 1, start.seed));
}

function tell(message: FromMember): void {
  process.send?.(message);
}

function worded(_key: string, value: unknown): unknown {
  return value instanceof Error ? (value.stack ?? value.message) : value;
}
