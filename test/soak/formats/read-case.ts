import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InputFileView, IntakeSummary, Reading } from '#shared/contract/intake.ts';
import type { Engine } from '#main/services/engine-port.ts';
import type { IntakeInput } from '#main/services/intake/port.ts';
import type { FuzzCase } from './fuzz-case.ts';
import { EVERY_ROW } from '../../every-row.ts';

/** What a reading came to, without what differs from run to run. */
export interface Outcome {
  readonly summary: IntakeSummary;
  readonly inputs: readonly InputFileView[];
  /** Strongest digest, place and carried columns of each row. */
  readonly rows: readonly string[];
  readonly hashes: ReadonlySet<string>;
  readonly troubles: readonly string[];
}

export const never = new AbortController().signal;
const PAGE = 500;
/** Beyond this many rows only the accounting is compared. */
const MOST_ROWS = 5_000;

/** The input as its door takes it; `cuts` are the places where a stream is cut. */
export function inputOf(one: FuzzCase, folder: string, cuts: readonly number[] = []): IntakeInput {
  if (one.door === 'path') {
    const path = join(folder, 'input.bin');
    writeFileSync(path, one.bytes);
    return { kind: 'path', path };
  }
  return one.door === 'text'
    ? { kind: 'text', name: 'input.bin', text: one.bytes.toString('utf8') }
    : streamOf(one.bytes, cuts);
}

/** A stream that is cut at these places. */
export function streamOf(bytes: Buffer, cuts: readonly number[] = []): IntakeInput {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    let from = 0;
    for (const to of [...cuts.toSorted((a, b) => a - b), bytes.length]) {
      if (to > from) {
        yield Buffer.from(bytes.subarray(from, to));
        from = to;
      }
    }
  }
  return { kind: 'stream', name: 'input.bin', chunks: chunks() };
}

/** Reads an input as an intake through the engine's door; the intake is to be forgotten by whoever asked. */
export async function readOnce(engine: Engine, input: IntakeInput, reading: Reading): Promise<Outcome> {
  const request = { door: 'terminal', inputs: [input], reading } as const;
  const { finished } = await engine.intakes.start(request, () => undefined, never);
  const summary = await finished;
  if (summary.state === 'reading' || summary.state === 'missing') {
    return { summary, inputs: [], rows: [], hashes: new Set(), troubles: [] };
  }
  const { inputs } = await engine.intakes.get(summary.id);
  const rows: string[] = [];
  const hashes = new Set<string>();
  for (let offset = 0; offset < Math.min(summary.accounting.hashes, MOST_ROWS); offset += PAGE) {
    const page = await engine.intakes.rows(summary.id, EVERY_ROW, { offset, limit: PAGE });
    for (const { hash, kind, file, line, occurrences, carried } of page.rows) {
      rows.push(JSON.stringify([hash, kind, file, line, occurrences, carried]));
      hashes.add(hash);
    }
  }
  const troubles = await engine.intakes.troubles(summary.id, { offset: 0, limit: PAGE });
  return { summary, inputs, rows, hashes, troubles: troubles.rows.map((row) => JSON.stringify(row)) };
}

/** Every digest of every row, not only the strongest: what a row is cut to, or written as, may be a weaker one. */
export async function digestsOf({ intakes }: Engine, { summary }: Outcome): Promise<ReadonlySet<string>> {
  const all = new Set<string>();
  for await (const rows of intakes.batches(summary.id, { kind: 'query', query: EVERY_ROW }, never)) {
    rows.flatMap(({ digests }) => Object.values(digests)).forEach((hex) => all.add(hex));
  }
  return all;
}

/** What two readings of the same content have in common. */
export function comparable({ summary, inputs, rows, troubles }: Outcome): string {
  const { state, bytes, sha256, accounting, fault, columns } = summary;
  return JSON.stringify({ state, bytes, sha256, accounting, fault, columns, inputs, rows, troubles }, null, 1);
}
