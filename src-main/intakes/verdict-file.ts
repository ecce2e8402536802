import { PackedReader } from './packed-reader.ts';
import { PackedWriter } from './packed-writer.ts';
import type { VerdictColumns } from './verdict-columns.ts';

/** Version of the sections of packed kind `verdicts`. */
const VERDICTS_VERSION = 1;

/** What a verdict file reflects. */
export interface VerdictStamp {
  /** The last change of the data directory taken into account. */
  readonly seq: number;
  /** The policy as JSON: other thresholds make other verdicts. */
  readonly policy: string;
  /** Seconds since the epoch. */
  readonly judgedAt: number;
  /** When every entry was looked at last, not only those a change was about. */
  readonly wholeAt: number;
}

/** Writes verdict columns; whole or not at all. */
export function writeVerdicts(path: string, columns: VerdictColumns, stamp: VerdictStamp): void {
  const writer = new PackedWriter(path);
  try {
    writer.section('status', 'u8', columns.status);
    writer.section('rule', 'u8', columns.rule);
    writer.section('source', 'u8', columns.source);
    writer.section('agreeing', 'u8', columns.agreeing);
    writer.section('flags', 'u8', columns.flags);
    writer.section('answeredAt', 'u32', columns.answeredAt);
    writer.finish({ kind: 'verdicts', version: VERDICTS_VERSION, meta: { length: columns.length, ...stamp } });
  } catch (error) {
    writer.abort();
    throw error;
  }
}

/** Reads verdict columns of an intake with `length` entries, checksums verified. Throws DB_DAMAGED or UNREADABLE. */
export function readVerdicts(
  path: string,
  length: number,
): { readonly columns: VerdictColumns; readonly stamp: VerdictStamp } {
  const reader = new PackedReader(path, 'verdicts');
  try {
    const meta = reader.header.meta as unknown as VerdictStamp;
    const columns = {
      length,
      status: reader.section('status', 'u8'),
      rule: reader.section('rule', 'u8'),
      source: reader.section('source', 'u8'),
      agreeing: reader.section('agreeing', 'u8'),
      flags: reader.section('flags', 'u8'),
      answeredAt: reader.section('answeredAt', 'u32'),
    };
    if (columns.status.length !== length || columns.answeredAt.length !== length) {
      throw reader.damage(`it holds ${columns.status.length} verdicts for ${length} entries`);
    }
    return { columns, stamp: { seq: meta.seq, policy: meta.policy, judgedAt: meta.judgedAt, wholeAt: meta.wholeAt } };
  } finally {
    reader.close();
  }
}

/** A copy that later judging does not touch. */
export function copyVerdicts(columns: VerdictColumns): VerdictColumns {
  return {
    length: columns.length,
    status: columns.status.slice(),
    rule: columns.rule.slice(),
    source: columns.source.slice(),
    agreeing: columns.agreeing.slice(),
    flags: columns.flags.slice(),
    answeredAt: columns.answeredAt.slice(),
  };
}
