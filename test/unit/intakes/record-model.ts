import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { DIGEST_BYTES } from '#shared/domain/hash.ts';
import type { InputFileView } from '#shared/contract/intake.ts';
import type { DigestSlots, RecordSink } from '#main/formats/record-sink.ts';

/** A record as tests make them: digests are numbers of a small range, so that duplicates and shared digests are common. */
export interface ModelRecord {
  readonly kind: 'hash' | 'without' | 'rejected';
  readonly line: number;
  readonly column: number;
  readonly md5: number | null;
  readonly sha1: number | null;
  readonly sha256: number | null;
  readonly carried: readonly string[];
}

const digestNumber = fc.option(fc.integer({ min: 0, max: 12 }), { nil: null, freq: 2 });

export const recordArbitrary: fc.Arbitrary<ModelRecord> = fc
  .record({
    kind: fc.constantFrom('hash', 'hash', 'hash', 'without', 'rejected'),
    line: fc.integer({ min: 1, max: 5_000_000 }),
    column: fc.integer({ min: 0, max: 3 }),
    md5: digestNumber,
    sha1: digestNumber,
    sha256: digestNumber,
    carried: fc.array(fc.oneof(fc.constant(''), fc.string({ unit: 'grapheme', maxLength: 8 })), { maxLength: 3 }),
  })
  .map((record) =>
    record.kind === 'hash' && record.md5 === null && record.sha1 === null && record.sha256 === null
      ? { ...record, md5: 1 }
      : record,
  );

/** The digest a number stands for, in hex. */
export function digestOf(kind: 'md5' | 'sha1' | 'sha256', number: number): string {
  return createHash(kind).update(`digest ${number}`).digest('hex');
}

/** Hex digests of a record, strongest first; also the key of its entry. */
export function setOf(record: ModelRecord): { md5?: string; sha1?: string; sha256?: string } {
  return {
    ...(record.sha256 === null ? {} : { sha256: digestOf('sha256', record.sha256) }),
    ...(record.sha1 === null ? {} : { sha1: digestOf('sha1', record.sha1) }),
    ...(record.md5 === null ? {} : { md5: digestOf('md5', record.md5) }),
  };
}

export function keyOf(record: ModelRecord): string {
  return JSON.stringify(setOf(record));
}

/** Reports a record to a sink, the way readers do: with slots that are reused. */
export function report(sink: RecordSink, record: ModelRecord): void {
  if (record.kind === 'without') {
    sink.without(record.line, 'no hash', 'excerpt');
    return;
  }
  if (record.kind === 'rejected') {
    sink.reject(record.line, record.column, 'not usable', 'excerpt');
    return;
  }
  let mask = 0;
  for (const [kind, bit] of [
    ['md5', 1],
    ['sha1', 2],
    ['sha256', 4],
  ] as const) {
    const number = record[kind];
    SLOTS[kind].fill(0xee);
    if (number !== null) {
      SLOTS[kind].set(Buffer.from(digestOf(kind, number), 'hex'));
      mask |= bit;
    }
  }
  SLOTS.mask = mask;
  sink.hash(record.line, record.column, SLOTS, record.carried);
}

const SLOTS: DigestSlots = {
  mask: 0,
  md5: new Uint8Array(DIGEST_BYTES.md5),
  sha1: new Uint8Array(DIGEST_BYTES.sha1),
  sha256: new Uint8Array(DIGEST_BYTES.sha256),
};

export function inputView(name: string): InputFileView {
  return {
    name,
    bytes: 0,
    sha256: null,
    format: 'list',
    formatLabel: 'List',
    why: 'asked for',
    encoding: 'UTF-8',
    digestColumns: [],
    alternatives: [],
    records: 0,
    fault: null,
  };
}
