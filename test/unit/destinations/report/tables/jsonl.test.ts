import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeJsonl } from '#main/destinations/report/jsonl/write-jsonl.ts';
import { manifestOf, readManifest } from '#main/destinations/report/manifest.ts';
import type { ReportSet } from '#main/destinations/report/port.ts';
import { readSidecar, sidecarText } from '#main/destinations/report/sidecar.ts';
import { collected, digestsOf, reportContent, reportHead } from '../content.ts';
import { COLUMNS, hostileRows, hostileText } from '../hostile.ts';

const SETS: readonly ReportSet[] = [
  { name: 'NSRL "x"', edition: '2026.03', mark: 'known', datedAt: 1_763_000_000, errorRate: null },
  { name: 'maybe', edition: '', mark: 'known', datedAt: null, errorRate: 0.001 },
];

describe('a report as JSONL', () => {
  it('is an object a line that says what the row says, whatever the values', async () => {
    await fc.assert(
      fc.asyncProperty(hostileRows, async (rows) => {
        const content = reportContent({ rows, head: { columns: COLUMNS, sets: SETS } });
        const text = (await collected(writeJsonl(content))).toString('utf8');
        const lines = text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as Record<string, unknown>);
        expect(lines).toHaveLength(rows.length + 2);
        for (const [place, row] of rows.entries()) {
          expect(lines[place + 1]).toMatchObject({
            hash: row.hash,
            verdict: row.verdict.status,
            assay_report: {
              triaged: { verdict: row.triaged.status, rule: row.triaged.rule },
              digestLink: row.digestLink,
              answers: row.answers.map(({ source, status, threat, link }) => ({
                source,
                status,
                threat,
                link,
              })),
              tags: row.tags,
              note: row.note,
              hashList: row.listEntries.map(({ side, reason }) => ({ side, reason })),
            },
          });
        }
      }),
    );
  });

  it('ends with a manifest that is found, whatever the statement', async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, hostileText, async (title, note) => {
        const head = reportHead({ rows: 0, statement: { title, examiner: note, caseName: title, note } });
        const text = (await collected(writeJsonl(reportContent({ head })))).toString('utf8');
        expect(readManifest(text)).toEqual(manifestOf(head));
      }),
    );
  });
});

describe('a manifest beside a table', () => {
  it('names the table with its size and hash, and is found to be one', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const head = reportHead({ statement: { title: text, examiner: '', caseName: '', note: text } });
        const { sha256 } = digestsOf(7);
        const written = sidecarText(head, `${text}.csv`, 77, sha256);
        expect(readSidecar(Buffer.from(written).toString('utf8'))).toEqual({
          file: `${text}.csv`,
          bytes: 77,
          sha256,
          manifest: manifestOf(head),
        });
      }),
    );
  });

  it.each(['', '{}', '{"assay_report":{"manifestOf":', '{"assay_report":{"manifestOf":"x","bytes":-1}}'])(
    'is none in %j',
    (text) => {
      expect(readSidecar(text)).toBeNull();
    },
  );
});
