import type { SourceConfig } from '#shared/settings/source-config.ts';
import type { Limits, SourceState, WindowSpend } from '../../db/repositories/queue-types.ts';
import { fullWindows } from '../../jobs/outbound/effective-limits.ts';
import { endOfWindow } from '../../jobs/outbound/utc-window.ts';

/** Everything that decides whether a source may be asked now, as any process can see it. */
export interface SourceNow {
  readonly state: SourceState;
  readonly config: SourceConfig;
  /** Null when it can be asked; else why not, as a sentence. */
  readonly unready: string | null;
  readonly limits: Limits;
  /** Up to these rescans go on by themselves. */
  readonly rescanLimits: Limits;
  readonly spends: readonly WindowSpend[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What a source waits for: a phrase, and when it goes on by itself. Empty and null when it can be asked now. */
export interface Wait {
  readonly phrase: string;
  readonly until: number | null;
  /** It goes on only after somebody does something. */
  readonly isHeld: boolean;
}

/** What holds a source back just now, the longest hold first. */
export function waitOf(source: SourceNow): Wait {
  const { state, now } = source;
  if (state.state === 'stopped' || state.state === 'paused') {
    const phrase = state.state === 'paused' ? 'resume' : 'its key or settings to change';
    return { phrase, until: null, isHeld: true };
  }
  if (source.unready !== null) {
    return { phrase: source.config.enabled ? 'a key' : 'the source to be enabled', until: null, isHeld: true };
  }
  if (state.until !== null && state.until > now) {
    return { phrase: phraseOfState(state.state, utcTime(state.until, now)), until: state.until, isHeld: false };
  }
  return windowWait(source, source.limits, '');
}

/** The same for what is asked again by itself: rescans wait for a share of each window. */
export function rescanWaitOf(source: SourceNow): Wait {
  const wait = waitOf(source);
  return wait.phrase === '' ? windowWait(source, source.rescanLimits, ' share for rescans') : wait;
}

/** `09:31` or, on another day, `23 Nov 00:01`; always UTC and said so. */
export function utcTime(at: number, now: number): string {
  const iso = new Date(at).toISOString();
  const time = `${iso.slice(11, 16)} UTC`;
  if (iso.slice(0, 10) === new Date(now).toISOString().slice(0, 10)) {
    return time;
  }
  const month = new Date(at).toLocaleString('en', { month: 'short', timeZone: 'UTC' });
  return `${Number(iso.slice(8, 10))} ${month} ${time}`;
}

function phraseOfState(state: SourceState['state'], time: string): string {
  switch (state) {
    case 'waiting':
      return `its quota, refused until ${time}`;
    case 'open':
      return `a probe at ${time}, after faults`;
    default:
      return `${time}, after a fault`;
  }
}

/** `share` follows the window's name where only a share of it is meant. */
function windowWait({ spends, now }: SourceNow, limits: Limits, share: string): Wait {
  const [longest] = fullWindows(limits, spends)
    .map(({ window, freesAt }) => ({
      window,
      until: window === 'minute' ? (freesAt ?? now) : endOfWindow(window, now),
    }))
    .sort((a, b) => b.until - a.until);
  if (longest === undefined) {
    return { phrase: '', until: null, isHeld: false };
  }
  const { window, until } = longest;
  const name = share === '' ? window : `${window}'s${share}`;
  const phrase = window === 'minute' ? `${limits.minute ?? 0} a minute` : `its ${name}, ${utcTime(until, now)}`;
  return { phrase, until, isHeld: false };
}
