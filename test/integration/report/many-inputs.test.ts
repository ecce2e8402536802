import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ReportFormat } from '#shared/domain/report.ts';
import { REPORT_WRITERS } from '#main/destinations/report/writers.ts';
import { compareReport } from '#main/services/report/verify-report.ts';
import { writeWithSidecar } from '#main/services/report/rows/write-with-sidecar.ts';
import { writeStreamed } from '#main/destinations/write-streamed.ts';
import { temporaryDirectory } from '#test/db/temporary-directory.ts';
import { digestsOf, reportContent, reportHead, reportRow } from '#test/unit/destinations/report/content.ts';
import { never } from './report-world.ts';

/** As many as an archive of lists has, under long names: the manifest alone is larger than most reports. */
const INPUTS = 60_000;
const [input] = reportHead().inputs;
const inputs = Array.from({ length: input === undefined ? 0 : INPUTS }, (_, seed) => ({
  ...(input as NonNullable<typeof input>),
  name: `${'folder of lists '.repeat(12)}${seed}.txt`,
  sha256: digestsOf(seed).sha256,
}));

it.each(['jsonl', 'xlsx', 'csv'] as const satisfies readonly ReportFormat[])(
  'a report of very many inputs matches as %s',
  async (format) => {
    const path = join(temporaryDirectory(), `report.${format}`);
    const content = reportContent({ head: { inputs, format }, rows: [reportRow(1)] });
    const write = await REPORT_WRITERS[format]?.();
    const chunks = write?.(content, () => undefined) ?? [];
    await (format === 'csv'
      ? writeWithSidecar(path, content.head, chunks as AsyncIterable<string>, 'new', never)
      : writeStreamed(path, chunks as AsyncIterable<string>, never));
    const { outcome, manifest } = await compareReport(path, () => undefined, never);
    expect([outcome, manifest?.inputs.length]).toEqual(['matches', INPUTS]);
  },
);
