import { create } from 'zustand';
import type { CallOutput } from '#shared/contract/index.ts';
import type { OutboundState, QueuePart } from '#shared/contract/outbound.ts';
import type { SourceView } from '#shared/contract/sources.ts';
import { call, onPush, sentenceOf } from '../bridge/client.ts';
import { spaced } from '../bridge/spaced.ts';
import { number } from '../components/words.ts';
import { say, sayFault, show } from './store.ts';

const GAP_MS = 400;
/** Windows of a quota empty by time alone, so the figures are asked for again without any change. */
const BUSY_STEP_MS = 2_000;
const IDLE_STEP_MS = 15_000;

interface AskingState {
  /** Null until the first answer came. */
  readonly listed: CallOutput<'sources.list'> | null;
  readonly outbound: OutboundState | null;
  /** Why the last attempt failed; what was known before stays. */
  readonly fault: string | null;
  /** What the Sources view shows below its table. */
  readonly below: 'queue' | 'log';
  /** Counts the answers, for views that page something beside them. */
  readonly turn: number;
}

/** What sources and queue do, for the bars and views that show it. One copy, kept up to date while the window lives. */
export const useAsking = create<AskingState>(() => ({
  listed: null,
  outbound: null,
  fault: null,
  below: 'queue',
  turn: 0,
}));

/** Chooses what the Sources view shows below its table, and shows it. */
export function showBelow(below: AskingState['below']): void {
  useAsking.setState({ below });
  show('sources');
}

let refresh: () => void = () => undefined;

/** Asks again soon; for after something was done here. */
export function refreshAsking(): void {
  refresh();
}

/** Keeps `useAsking` up to date until the returned function is called. */
export function startAsking(): () => void {
  const asked = spaced(load, GAP_MS);
  refresh = asked.ask;
  asked.ask();
  let timer: ReturnType<typeof setTimeout>;
  const step = (): void => {
    const { outbound } = useAsking.getState();
    const isBusy = outbound !== null && outbound.depth + outbound.inFlight > 0;
    timer = setTimeout(
      () => {
        asked.ask();
        step();
      },
      isBusy ? BUSY_STEP_MS : IDLE_STEP_MS,
    );
  };
  step();
  const stopPush = onPush('changed', ({ kinds }) => {
    if (kinds.some((kind) => kind === 'queue' || kind === 'sources' || kind === 'settings')) {
      asked.ask();
    }
  });
  return () => {
    refresh = () => undefined;
    asked.stop();
    clearTimeout(timer);
    stopPush();
  };
}

async function load(): Promise<void> {
  try {
    const [listed, outbound] = await Promise.all([call('sources.list', {}), call('outbound.state', {})]);
    useAsking.setState(({ turn }) => ({ listed, outbound, fault: null, turn: turn + 1 }));
  } catch (error) {
    useAsking.setState({ fault: sentenceOf(error) });
  }
}

/** Sources that are switched on, in the order they are shown. */
export function enabledOf(sources: readonly SourceView[]): readonly SourceView[] {
  return sources.filter((source) => source.config.enabled);
}

/** Puts one source's new state in its place. */
export function takeSource(view: SourceView): void {
  useAsking.setState(({ listed }) => ({
    listed:
      listed === null
        ? null
        : { ...listed, sources: listed.sources.map((one) => (one.source === view.source ? view : one)) },
  }));
  refresh();
}

/** Holds a part of the queue back, or lets it go on. */
export async function holdQueue(part: QueuePart, held: boolean): Promise<void> {
  try {
    useAsking.setState({ outbound: await call(held ? 'outbound.pause' : 'outbound.resume', part) });
    refresh();
  } catch (error) {
    sayFault(error);
  }
}

/** Takes a part of the queue out and says how much it was. */
export async function cancelQueue(part: QueuePart): Promise<void> {
  try {
    const { removed } = await call('outbound.cancel', part);
    say(`${number(removed)} left the queue unasked. What is on its way is still heard and kept.`);
    refresh();
  } catch (error) {
    sayFault(error);
  }
}
