import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { corpus } from './corpus.ts';
import { makeCase } from './fuzz-case.ts';
import type { FuzzMessage, FuzzTask } from './messages.ts';

export interface FuzzPlan {
  readonly directory: string;
  /** Where failing inputs are kept. */
  readonly failures: string;
  readonly seed: number;
  /** The first input's number: a run can be taken up where another one ended. */
  readonly from: number;
  /** How long inputs are read; milliseconds. */
  readonly forMs: number;
  /** No input may keep the process from answering for longer; milliseconds. */
  readonly hangMs: number;
  readonly mostResidentMb: number;
  readonly say: (line: string) => void;
}

export interface FuzzResult {
  readonly inputs: number;
  readonly reads: number;
  readonly formats: ReadonlyMap<string, number>;
  readonly slowestMs: number;
  readonly residentMb: number;
  /** Sentences, with the number of the input. */
  readonly wrong: readonly string[];
}

const SAY_MS = 60_000;

/** Lets processes read one input after the other until the time is over; one that hangs or dies is replaced. */
export async function fuzz(plan: FuzzPlan): Promise<FuzzResult> {
  const tally = new Tally(plan.say);
  const end = performance.now() + plan.forMs;
  let next = plan.from;
  while (performance.now() < end) {
    next = await watch(plan, next, end, tally);
  }
  return tally.result();
}

/** Runs one process from that input on; returns the number of the input the next one begins with. */
async function watch(plan: FuzzPlan, from: number, end: number, tally: Tally): Promise<number> {
  const { directory, failures, seed } = plan;
  const child = start({ directory, failures, seed, from, to: null });
  let current = from;
  let heardAt = performance.now();
  let reason: string | null = null;
  const timer = setInterval(() => {
    const now = performance.now();
    if (now - heardAt > plan.hangMs) {
      reason = `hangs: nothing was heard for ${Math.round((now - heardAt) / 1000)} s`;
      child.kill('SIGKILL');
    } else if (now >= end) {
      child.kill('SIGTERM');
    }
  }, 200);
  const exited = once(child, 'exit');
  try {
    if (child.stdout !== null) {
      for await (const line of createInterface({ input: child.stdout })) {
        const message = JSON.parse(line) as FuzzMessage;
        heardAt = performance.now();
        if (message.kind === 'begin') {
          current = message.number;
        } else if (message.kind === 'done') {
          tally.add(message);
          current = message.number + 1;
          if (message.residentMb > plan.mostResidentMb) {
            reason = `holds ${message.residentMb} MB after input ${message.number}`;
            child.kill('SIGKILL');
          }
        }
      }
    }
    const [code, signal] = (await exited) as [number | null, string | null];
    if (signal === 'SIGTERM') {
      return current;
    }
    tally.fail(current, reason ?? `the process ended (${signal ?? code})`);
    keepInput(plan, current);
    return current + 1;
  } finally {
    clearInterval(timer);
  }
}

function start(task: FuzzTask): ChildProcess {
  const script = fileURLToPath(new URL('process.ts', import.meta.url));
  return spawn(process.execPath, [script, JSON.stringify(task)], { stdio: ['ignore', 'pipe', 'inherit'] });
}

function keepInput({ seed, failures }: FuzzPlan, number: number): void {
  mkdirSync(failures, { recursive: true });
  const { bytes, ...rest } = makeCase(seed, number, corpus());
  writeFileSync(join(failures, `seed-${seed}-${number}.bin`), bytes);
  writeFileSync(join(failures, `seed-${seed}-${number}.json`), JSON.stringify(rest, null, 2));
}

class Tally {
  readonly #say: (line: string) => void;
  readonly #formats = new Map<string, number>();
  readonly #wrong: string[] = [];
  #inputs = 0;
  #reads = 0;
  #slowestMs = 0;
  #residentMb = 0;
  #saidAt = performance.now();

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  add({ number, wrong, formats, reads, milliseconds, residentMb }: Extract<FuzzMessage, { kind: 'done' }>): void {
    this.#inputs += 1;
    this.#reads += reads;
    this.#slowestMs = Math.max(this.#slowestMs, milliseconds);
    this.#residentMb = Math.max(this.#residentMb, residentMb);
    for (const format of formats) {
      this.#formats.set(format, (this.#formats.get(format) ?? 0) + 1);
    }
    for (const what of wrong) {
      this.fail(number, what);
    }
    if (performance.now() - this.#saidAt > SAY_MS) {
      this.#saidAt = performance.now();
      this.#say(`  ${this.#inputs} inputs, ${this.#wrong.length} things do not hold, ${residentMb} MB`);
    }
  }

  fail(number: number, what: string): void {
    this.#wrong.push(`input ${number}: ${what}`);
    this.#say(`  DOES NOT HOLD input ${number}: ${what.slice(0, 700)}`);
  }

  result(): FuzzResult {
    return {
      inputs: this.#inputs,
      reads: this.#reads,
      formats: this.#formats,
      slowestMs: this.#slowestMs,
      residentMb: this.#residentMb,
      wrong: this.#wrong,
    };
  }
}
