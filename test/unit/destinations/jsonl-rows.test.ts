import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FLAG, RULES, type Flag } from '#shared/domain/basis.ts';
import { SOURCES } from '#shared/domain/source.ts';
import { STATUSES } from '#shared/domain/status.ts';
import { isoTime, jsonlRows } from '#main/destinations/jsonl-rows.ts';
import type { ExportRow } from '#main/services/intake/port.ts';

const NOW = 1_795_320_000;
const hex = (length: number): fc.Arbitrary<string> => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('"', '\\', '\u2028', '\ud800', '\n'),
);
const flags = Object.keys(FLAG) as Flag[];

const row: fc.Arbitrary<ExportRow> = fc.record({
  entry: fc.nat(),
  hash: hex(64),
  kind: fc.constantFrom('md5', 'sha1', 'sha256'),
  verdict: fc.record({
    status: fc.constantFrom(...STATUSES),
    rule: fc.constantFrom(...RULES),
    source: fc.constantFrom(null, ...SOURCES.map((source) => source.id)),
    agreeing: fc.nat(255),
    answeredAt: fc.option(fc.nat(2 ** 32 - 1)),
    flags: fc.subarray(flags),
  }),
  file: text,
  line: fc.nat(),
  occurrences: fc.nat(),
  carried: fc.array(text, { maxLength: 4 }),
  digests: fc.record({ md5: hex(32), sha1: hex(40), sha256: hex(64) }, { requiredKeys: [] }),
  where: fc.array(fc.record({ file: text, line: fc.nat() }), { maxLength: 4 }),
});

it('writes what a row holds, whatever the text in it', () => {
  const columns = ['name', 'a "quoted" one', 'name', '__proto__'];
  fc.assert(
    fc.property(fc.array(row, { maxLength: 4 }), (rows) => {
      const toLine = jsonlRows(columns, NOW);
      for (const each of rows) {
        const line = toLine(each);
        expect(line.endsWith('}\n') && line.indexOf('\n') === line.length - 1).toBe(true);
        const { verdict, carried } = each;
        const { answeredAt } = verdict;
        const cells = Object.fromEntries([
          ['name', carried[0] ?? ''],
          ['a "quoted" one', carried[1] ?? ''],
          ['name (2)', carried[2] ?? ''],
          ['__proto__', carried[3] ?? ''],
        ]);
        expect(JSON.parse(line)).toEqual({
          hash: each.hash,
          kind: each.kind,
          verdict: verdict.status,
          basis: {
            rule: verdict.rule,
            source: verdict.source,
            agreeing: verdict.agreeing,
            answeredAt: answeredAt === null ? null : isoTime(answeredAt),
            ageSeconds: answeredAt === null ? null : Math.max(0, NOW - answeredAt),
          },
          ...Object.fromEntries(flags.slice(0, 5).map((flag) => [flag, verdict.flags.includes(flag)])),
          digests: each.digests,
          occurrences: each.occurrences,
          where: each.where,
          carried: cells,
        });
      }
    }),
  );
});
