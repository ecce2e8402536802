import type { LookupResult, LookupSource } from '#shared/contract/lookup.ts';
import { sourceLabel, type SourceId } from '#shared/domain/source.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Engine } from '../../../../services/engine-port.ts';
import { confirm } from '../../confirm.ts';
import { EXIT } from '../../exit-codes.ts';
import { count, counted } from '../../output/numbers.ts';
import type { Session } from '../../session.ts';
import type { LookupOptions } from './lookup.ts';

/** One hash and one source it would be asked at. */
interface Pair {
  readonly hash: string;
  readonly asking: LookupSource;
}

/** How long after a change of the data the look-up is made again at the latest, in milliseconds. */
const LOOK_AGAIN_MS = 400;

/**
 * Says the price, asks when it is agreed to, and waits until the answers are there. Asks as outbound owner where no other
 * process is one. Returns the exit code; what was not answered in time stays queued, and is named.
 */
export async function askAndWait(
  session: Session,
  engine: Engine,
  results: readonly LookupResult[],
  text: string,
  options: LookupOptions,
): Promise<number> {
  sayRefused(session, results, options);
  const all = pairsOf(results, options);
  if (all.length === 0) {
    session.note(nothingAsked(results));
    return EXIT.done;
  }
  const pairs = all.slice(0, options.maxCalls ?? all.length);
  const left = all.length - pairs.length;
  const price = `${priceText(pairs)}${left === 0 ? '' : ` ${counted(left, 'call')} above --max-calls left out.`}`;
  if (isDecided(options)) {
    session.note(price);
  } else {
    // Whoever is asked to agree sees it, also with --quiet.
    session.warn(price);
  }
  if (!(await isAgreed(session, options))) {
    session.note('Nothing was asked.');
    return EXIT.done;
  }
  // Where no window or `assay run` asks, this process does, for as long as it waits.
  const giveUp = engine.outbound.seek();
  try {
    const queued = await askAll(session, engine, pairs, options.again === true);
    return await waitForAnswers(session, engine, text, queued, options.wait * 1000);
  } finally {
    await giveUp();
  }
}

/** What waits already is no answer: it must not read as if there were nothing to ask. */
function nothingAsked(results: readonly LookupResult[]): string {
  const queued = new Set(
    results.flatMap(({ sources }) => sources.filter((asking) => asking.queued !== null).map(({ source }) => source)),
  );
  return queued.size === 0
    ? 'No source is due. Nothing was asked.'
    : `Nothing was asked now: the question to ${[...queued].map(sourceLabel).join(' and ')} waits in the queue already. "assay queue" shows what for.`;
}

function pairsOf(results: readonly LookupResult[], { again, sources }: LookupOptions): Pair[] {
  const isWanted = (source: SourceId): boolean => sources?.includes(source) ?? true;
  return results.flatMap(({ hash, sources: asked }) =>
    asked
      .filter(
        ({ source, price, due, queued }) =>
          isWanted(source) && price !== null && (due || again === true) && queued === null,
      )
      .map((asking) => ({ hash, asking })),
  );
}

/** Names sources that were asked for by name and cannot be asked; the others are simply not due or off. */
function sayRefused(session: Session, results: readonly LookupResult[], { sources }: LookupOptions): void {
  const said = new Set<string>();
  for (const { sources: all } of results) {
    for (const { source, cannotAsk } of all) {
      const sentence = `${sourceLabel(source)} is not asked. ${cannotAsk ?? ''}`;
      if (cannotAsk !== null && (sources === undefined || sources.includes(source)) && !said.has(sentence)) {
        said.add(sentence);
        session.warn(sentence);
      }
    }
  }
}

/** "Asking costs WildFire 1 request, VirusTotal 2 requests of 207 left." */
function priceText(pairs: readonly Pair[]): string {
  const bySource = Map.groupBy(pairs, ({ asking }) => asking.source);
  const parts = [...bySource].map(([source, of]) => {
    const price = of[0]?.asking.price;
    const calls = of.reduce((sum, { asking }) => sum + (asking.price?.billed ?? 0), 0);
    const unit = price?.unit === 'hash' ? counted(calls, 'hash', 'hashes') : counted(calls, 'request');
    const left = price?.left ?? null;
    return `${sourceLabel(source)} ${unit}${left === null ? '' : ` of ${count(left)} left`}`;
  });
  return `Asking costs at most: ${parts.join(', ')}.`;
}

/** The price was agreed to on the command line. */
function isDecided({ yes, maxCalls }: LookupOptions): boolean {
  return yes === true || maxCalls !== undefined;
}

async function isAgreed(session: Session, options: LookupOptions): Promise<boolean> {
  if (isDecided(options)) {
    return true;
  }
  if (session.host.stdin.isTTY !== true) {
    throw new AppError(
      'INVALID_ARGUMENT',
      'Nothing was asked: there is no terminal to agree to the price at. Add --yes or --max-calls.',
    );
  }
  return confirm(session.host, 'Ask now?', session.signal);
}

async function askAll(session: Session, engine: Engine, pairs: readonly Pair[], again: boolean): Promise<Pair[]> {
  const queued: Pair[] = [];
  for (const pair of pairs) {
    if (session.signal.aborted) {
      break;
    }
    const { refused } = await engine.lookup.ask(pair.hash, [pair.asking.source], again);
    const [refusal] = refused;
    if (refusal === undefined) {
      queued.push(pair);
    } else {
      session.warn(`${sourceLabel(refusal.source)} is not asked about ${pair.hash}. ${refusal.sentence}`);
    }
  }
  return queued;
}

async function waitForAnswers(
  session: Session,
  engine: Engine,
  text: string,
  pairs: readonly Pair[],
  longestMs: number,
): Promise<number> {
  const ends = session.host.now() + longestMs;
  for (;;) {
    const waiting = stillQueued((await engine.lookup.find(text)).results, pairs);
    if (waiting.length === 0) {
      return EXIT.done;
    }
    const isStopped = session.signal.aborted;
    if (isStopped || session.host.now() >= ends) {
      for (const { hash, asking } of waiting) {
        session.warn(`${hash}: ${sourceLabel(asking.source)} has not answered yet (${asking.queued ?? 'queued'}).`);
      }
      session.warn('What was not answered stays queued. A window or "assay run" goes on with it.');
      return session.stoppedCode() ?? EXIT.nothing;
    }
    session.progress.show({
      phase: 'asking',
      done: pairs.length - waiting.length,
      total: pairs.length,
      unit: 'rows',
      note: waiting[0]?.asking.queued ?? '',
    });
    await nextChange(engine, Math.min(LOOK_AGAIN_MS, ends - session.host.now()), session.signal);
  }
}

/** The pairs whose hash still waits or is on its way, as they are now. */
function stillQueued(results: readonly LookupResult[], pairs: readonly Pair[]): Pair[] {
  return pairs.flatMap(({ hash, asking }) => {
    const present = results
      .find((result) => result.hash === hash)
      ?.sources.find(({ source }) => source === asking.source);
    return present === undefined || present.queued === null ? [] : [{ hash, asking: present }];
  });
}

/** Until data changed, some time went by, or somebody wants to stop. */
function nextChange(engine: Engine, withinMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      unsubscribe();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, Math.max(1, withinMs));
    const unsubscribe = engine.database.onChange(done);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) {
      done();
    }
  });
}
