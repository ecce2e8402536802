import { createHash } from 'node:crypto';
import type { Counts, VerdictView } from '#shared/contract/common.ts';
import type { ReportAnswer, ReportContent, ReportHead, ReportRow } from '#main/destinations/report/port.ts';
import type { Trouble } from '#main/services/intake/port.ts';

/** When every report made here was made: 2025-11-13 02:13:20 UTC. */
export const MADE_AT = 1_763_000_000;

const NO_COUNTS: Counts = {
  malicious: 0,
  suspicious: 0,
  'non-malicious': 0,
  pending: 0,
  unknown: 0,
  conflict: 0,
  stale: 0,
};

/** Invented digests: of a number written out. */
export function digestsOf(seed: number): { readonly md5: string; readonly sha1: string; readonly sha256: string } {
  const of = (algorithm: string): string => createHash(algorithm).update(String(seed)).digest('hex');
  return { md5: of('md5'), sha1: of('sha1'), sha256: of('sha256') };
}

export function verdict(parts: Partial<VerdictView> = {}): VerdictView {
  return { status: 'unknown', rule: 'never-asked', source: null, agreeing: 0, answeredAt: null, flags: [], ...parts };
}

/** A verdict a source gave a day before the report. */
export function answered(status: VerdictView['status'], parts: Partial<VerdictView> = {}): VerdictView {
  return verdict({ status, rule: 'source', source: 'virustotal', answeredAt: MADE_AT - 86_400, ...parts });
}

export function answer(parts: Partial<ReportAnswer> = {}): ReportAnswer {
  return {
    source: 'virustotal',
    status: 'malicious',
    noAnswer: null,
    score: 58,
    threat: 'Trojan.Generic',
    rawCode: '58/72',
    scannedAt: MADE_AT - 86_400,
    stale: false,
    matchedBy: 'sha256',
    link: 'direct',
    ...parts,
  };
}

/** A source that could not be asked. */
export function noAnswer(source: ReportAnswer['source']): ReportAnswer {
  return answer({ source, status: 'unknown', noAnswer: 'could-not-ask', score: null, threat: null, scannedAt: null });
}

/** A row with the SHA-256 of `seed`, about which nothing is known. */
export function reportRow(seed: number, parts: Partial<ReportRow> = {}): ReportRow {
  const { sha256 } = digestsOf(seed);
  return {
    entry: seed,
    hash: sha256,
    kind: 'sha256',
    verdict: verdict(),
    triaged: verdict(),
    file: 'list.csv',
    line: seed + 2,
    occurrences: 1,
    carried: [],
    digests: { sha256 },
    where: [{ file: 'list.csv', line: seed + 2 }],
    digestLink: 'single',
    answers: [],
    sets: [],
    listEntries: [],
    note: '',
    tags: [],
    ...parts,
  };
}

export function reportHead(parts: Partial<ReportHead> = {}): ReportHead {
  return {
    format: 'jsonl',
    statement: { title: 'Host 7', examiner: 'J. Doe', caseName: 'Case 12', note: 'First look.' },
    madeAt: MADE_AT,
    madeBy: 'Assay 1.2.3',
    simulated: false,
    intake: {
      id: 3,
      title: 'list.csv',
      createdAt: MADE_AT - 200_000,
      readBy: 'Assay 1.2.0',
      sha256: digestsOf(-1).sha256,
      state: 'ready',
      fault: null,
      note: 'From the disk of host 7.',
      embargo: false,
      triagedAt: MADE_AT - 199_000,
      judgedAt: MADE_AT - 60,
    },
    inputs: [
      {
        name: 'list.csv',
        bytes: 1234,
        sha256: digestsOf(-1).sha256,
        format: 'csv',
        formatLabel: 'CSV',
        why: 'header',
        encoding: 'UTF-8',
        digestColumns: ['sha256'],
        alternatives: [],
        records: 4,
        fault: null,
      },
    ],
    accounting: {
      records: 4,
      hashes: 2,
      duplicates: 1,
      withoutHash: 0,
      rejected: 1,
      otherLines: 1,
      notDigests: { uuid: 2 },
      balanced: true,
    },
    counts: { ...NO_COUNTS, unknown: 2 },
    selection: 'all rows',
    rows: 2,
    rowCounts: { ...NO_COUNTS, unknown: 2 },
    columns: [],
    sets: [],
    troubles: 0,
    problems: [],
    ...parts,
  };
}

export interface ContentParts {
  readonly head?: Partial<ReportHead>;
  readonly rows?: readonly ReportRow[];
  readonly troubles?: readonly Trouble[];
  /** Rows a batch holds. */
  readonly batch?: number;
}

/** A report of these rows; its head counts them unless `head` says otherwise. */
export function reportContent({ head = {}, rows = [], troubles = [], batch = 1000 }: ContentParts): ReportContent {
  return {
    head: reportHead({ rows: rows.length, troubles: troubles.length, ...head }),
    rows: batches(rows, batch),
    troubles: batches(troubles, batch),
  };
}

/** Rows made one batch at a time: a report that does not fit in memory. */
export async function* generatedRows(
  count: number,
  row: (seed: number) => ReportRow,
): AsyncGenerator<readonly ReportRow[]> {
  for (let from = 0; from < count; from += 1000) {
    yield Array.from({ length: Math.min(1000, count - from) }, (_, index) => row(from + index));
  }
}

/** Everything a writer wrote. */
export async function collected(chunks: AsyncIterable<string | Uint8Array>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of chunks) {
    parts.push(Buffer.from(chunk));
  }
  return Buffer.concat(parts);
}

async function* batches<T>(all: readonly T[], size: number): AsyncGenerator<readonly T[]> {
  for (let from = 0; from < all.length; from += size) {
    yield all.slice(from, from + size);
  }
}
