// How long a single hash takes to look up: in a window's engine behind its threads, and as a line through
// `assay lookup --jsonl -`. Prints one line of JSON. `node test/bench/lookup-speed.ts DATA CACHED LINES`.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { createEngine } from '#main/engine.ts';
import { root } from '../architecture/sources.ts';
import { digestOf } from './data.ts';

/** Milliseconds. */
export interface LookupSpeed {
  readonly windowP50: number;
  readonly windowP99: number;
  readonly lineP50: number;
  readonly lineP99: number;
}

const [directory = '', cachedText = '', linesText = ''] = process.argv.slice(2);
const cached = Number(cachedText);
const lines = Number(linesText);
/** Left out of the figures: they fill caches. */
const WARM = 50;

/** Half of what is asked is known. */
function hashOf(number: number): string {
  const scattered = Math.imul(number + 1, 2_654_435_761) >>> 0;
  return number % 2 === 0 ? digestOf('cached', scattered % cached) : digestOf('fresh', number);
}

function share(times: readonly number[], part: number): number {
  const sorted = times.slice(WARM).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * part)] ?? Number.NaN;
}

async function inWindow(): Promise<number[]> {
  const engine = await createEngine({ directory, threads: 'workers', shell: 'terminal' });
  try {
    await pause(1_500);
    const times: number[] = [];
    for (let number = 0; number < WARM + 500; number += 1) {
      const start = performance.now();
      await engine.lookup.find(hashOf(number));
      times.push(performance.now() - start);
    }
    return times;
  } finally {
    await engine.dispose();
  }
}

async function asLines(): Promise<number[]> {
  const bin = join(root, 'src-main/shells/terminal/assay.mjs');
  const child = spawn(process.execPath, [bin, 'lookup', '--jsonl', '-', '--data', directory], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const times: number[] = [];
  for (let number = 0; number < WARM + lines; number += 1) {
    const start = performance.now();
    child.stdin.write(`${hashOf(number)}\n`);
    const { value } = await answers.next();
    times.push(performance.now() - start);
    if (!String(value).includes(hashOf(number))) {
      throw new Error(`the answer to line ${number} is ${String(value)}`);
    }
  }
  child.stdin.end();
  return times;
}

const window = await inWindow();
const line = await asLines();
const speed: LookupSpeed = {
  windowP50: share(window, 0.5),
  windowP99: share(window, 0.99),
  lineP50: share(line, 0.5),
  lineP99: share(line, 0.99),
};
console.log(JSON.stringify(speed));
