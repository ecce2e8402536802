import { count, counted } from '../../output/numbers.ts';
import type { Asked, Running, SimulateOptions } from './simulate.ts';

/** Words for the names simulators give to what a service is told. */
const CREDENTIALS: Readonly<Record<string, string>> = { accessId: 'access ID', secretKey: 'secret key' };

/** What is said first: each address with what opens it. */
export function opening({ simulators, services }: Running, format: SimulateOptions['format']): string {
  if (format === 'jsonl') {
    return `${JSON.stringify({ simulators, services })}\n`;
  }
  const width = Math.max(...[...simulators, ...services].map(({ url }) => url.length));
  const labelWidth = Math.max(...[...simulators, ...services].map(({ label }) => label.length));
  const lineOf = (label: string, url: string, rest: string): string =>
    `${label.padEnd(labelWidth)} ${url.padEnd(width)}  ${rest}\n`;
  const shown = (limit: number | null): string => (limit === null ? '-' : count(limit));
  const sources = simulators.map(({ label, url, key, options, limits }) => {
    const { perMinute, perDay, perMonth } = limits;
    const told = Object.entries(options).map(([name, value]) => `  ${name} ${value}`);
    const calls = `calls ${shown(perMinute)} / min, ${shown(perDay)} / day, ${shown(perMonth)} / month`;
    return lineOf(label, url, `key ${key}${told.join('')}  ${calls}`);
  });
  const further = services.map(({ label, url, credentials }) => {
    const told = Object.entries(credentials).map(([name, value]) => `${CREDENTIALS[name] ?? name} ${value}`);
    return lineOf(label, url, told.join('  '));
  });
  return [...sources, ...further].join('');
}

interface Tally {
  requests: number;
  hashes: number;
  billed: number;
  refused: number;
}

/** What was asked since the last line. */
export interface Minute {
  add(asked: Asked, request: { readonly hashes: readonly string[]; status: number; billed: number }): void;
  /** The line since the last one; null when nothing was asked. */
  take(running: Running, now: number, format: SimulateOptions['format']): string | null;
}

/** Counts requests by who was asked. */
export function createMinute(): Minute {
  let tallies = new Map<Asked, Tally>();
  return {
    add(asked, { hashes, status, billed }) {
      const tally = tallies.get(asked) ?? { requests: 0, hashes: 0, billed: 0, refused: 0 };
      tally.requests += 1;
      tally.hashes += hashes.length;
      tally.billed += billed;
      tally.refused += status === 429 || status === 419 ? 1 : 0;
      tallies.set(asked, tally);
    },
    take({ simulators, services }, now, format) {
      const taken = tallies;
      tallies = new Map();
      if (taken.size === 0) {
        return null;
      }
      const at = `${new Date(now).toISOString().slice(0, 19)}Z`;
      if (format === 'jsonl') {
        return `${JSON.stringify({ at, asked: Object.fromEntries(taken) })}\n`;
      }
      const sources = simulators.flatMap(({ source, label }) => {
        const tally = taken.get(source);
        return tally === undefined ? [] : [`${label}: ${described(tally)}`];
      });
      const further = services.flatMap(({ service, label }) => {
        const tally = taken.get(service);
        return tally === undefined ? [] : [`${label}: ${counted(tally.requests, 'request')}`];
      });
      const parts = [...sources, ...further];
      return `${at.slice(11, 19)}  ${parts.join('; ')}\n`;
    },
  };
}

function described({ requests, hashes, billed, refused }: Tally): string {
  const over = refused === 0 ? '' : `, ${count(refused)} over a limit`;
  return `${counted(requests, 'request')}, ${counted(hashes, 'hash', 'hashes')}, ${counted(billed, 'call')}${over}`;
}
