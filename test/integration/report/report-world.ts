import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import type { GridQuery, IntakeSummary, Selection } from '#shared/contract/intake.ts';
import type { ReportFormat } from '#shared/domain/report.ts';
import type { EngineOptions } from '#main/services/engine-port.ts';
import type { ReportRequest, WrittenReport } from '#main/services/report/port.ts';
import { startEngine, type EngineUnderTest } from '#test/integration/engine/engine-fixture.ts';
import { EVERY_ROW } from '../../every-row.ts';

export const never = new AbortController().signal;

export const hex = (kind: 'md5' | 'sha1' | 'sha256', text: string): string =>
  createHash(kind).update(text).digest('hex');
/** All digests of a file of that content. */
export const digests = (text: string) => ({
  md5: hex('md5', text),
  sha1: hex('sha1', text),
  sha256: hex('sha256', text),
});

export interface ReportWorld extends EngineUnderTest {
  /** Puts reputation items into the cache. */
  items(...items: readonly object[]): Promise<void>;
  /** Reads a text as an intake and waits for it. */
  read(name: string, text: string): Promise<IntakeSummary>;
  write(intakeId: number, format: ReportFormat, change?: Partial<ReportRequest>): Promise<WrittenReport>;
  /** Imports a known set of these hashes. */
  knownSet(name: string, hashes: readonly string[], bytes?: Uint8Array): Promise<void>;
}

/** A real engine whose reports go into the test's folder. */
export async function startWorld(options: Partial<EngineOptions> = {}): Promise<ReportWorld> {
  const under = await startEngine(options);
  const { engine } = under;
  let written = 0;
  return {
    ...under,
    async items(...items) {
      async function* chunks(): AsyncGenerator<Uint8Array> {
        yield Buffer.from(items.map((item) => `${JSON.stringify(item)}\n`).join(''));
      }
      const { rejected } = await engine.cache.importItems(chunks(), () => undefined, never);
      if (rejected > 0) {
        throw new Error('an item of the test is not accepted');
      }
    },
    async read(name, text) {
      const { finished } = await engine.intakes.start(
        { door: 'terminal', inputs: [{ kind: 'text', name, text }], reading: { as: 'auto' } },
        () => undefined,
        never,
      );
      return finished;
    },
    write(intakeId, format, change = {}) {
      written += 1;
      const request: ReportRequest = {
        intakeId,
        format,
        selection: everything,
        statement: { title: '', examiner: '', caseName: '', note: '' },
        ...change,
      };
      return engine.reports.write(request, under.path(`report-${written}.${format}`), () => undefined, never);
    },
    async knownSet(name, hashes, bytes) {
      const path = under.path(`${name}.set`);
      writeFileSync(path, bytes ?? hashes.map((hash) => `${hash}\n`).join(''));
      await engine.knownSets.import(
        path,
        { name, edition: '2026.11', datedAt: 1_790_000_000, mark: 'known', replace: false },
        () => undefined,
        never,
      );
    },
  };
}

export const everything: Selection = { kind: 'query', query: EVERY_ROW };
export const query = (change: Partial<GridQuery>): Selection => ({ kind: 'query', query: { ...EVERY_ROW, ...change } });

/** A line of a row, as far as tests look at it. */
export interface RowLine {
  readonly hash: string;
  readonly verdict: string;
  readonly carried: Readonly<Record<string, string>>;
  readonly assay_report: {
    readonly triaged: unknown;
    readonly digestLink: string;
    readonly answers: readonly { readonly source: string }[];
    readonly knownSets: readonly { readonly name: string; readonly possible?: boolean }[];
    readonly hashList: readonly unknown[];
    readonly tags: readonly string[];
    readonly note: string;
  };
}
export interface HeadLine {
  readonly selection: string;
  readonly counts: unknown;
  readonly knownSets: readonly { readonly name: string; readonly errorRate: number | null }[];
  readonly problems: readonly string[];
  readonly intake: { readonly state: string; readonly embargo: boolean };
}

/** The lines of a JSONL report, told apart. */
export function linesOf(path: string): {
  readonly head: HeadLine;
  readonly rows: readonly RowLine[];
  readonly notRead: readonly unknown[];
  readonly manifest: unknown;
} {
  const lines = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map(
      (line) =>
        JSON.parse(line) as Partial<RowLine> & {
          readonly assay_report?: { readonly head?: HeadLine; readonly notRead?: unknown };
          readonly assay_manifest?: unknown;
        },
    );
  const head = lines[0]?.assay_report?.head;
  if (head === undefined) {
    throw new TypeError('the first line of a report is not its head');
  }
  return {
    head,
    rows: lines.filter((line): line is RowLine & typeof line => line.hash !== undefined),
    notRead: lines.flatMap((line) => (line.assay_report?.notRead === undefined ? [] : [line.assay_report.notRead])),
    manifest: lines.at(-1)?.assay_manifest,
  };
}
