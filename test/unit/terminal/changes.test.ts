import { describe, expect, it } from 'vitest';
import type { ChangeRow, ChangesQuery } from '#shared/contract/history.ts';
import { NOW, run } from './stage.ts';

const DAY = 86_400;
const SHA256 = 'cd'.repeat(32);

const change = (id: number, part: Partial<ChangeRow> = {}): ChangeRow => ({
  id,
  fileId: id,
  source: 'virustotal',
  at: NOW - id * 3600,
  from: NOW - 30 * DAY,
  before: { status: 'non-malicious', noAnswer: null, score: 0, threat: null },
  after: { status: 'malicious', noAnswer: null, score: 41, threat: '=cmd|trojan' },
  flip: 'raised',
  digests: { sha256: SHA256 },
  intakes: [{ intakeId: 7, title: 'host 12' }],
  intakeCount: 1,
  ...part,
});

/** Runs `assay changes` over these changes; says what was asked for and what was marked as looked at. */
async function changes(
  argv: readonly string[],
  rows: readonly ChangeRow[],
  more: { readonly lookedAt?: number | null; readonly simulated?: boolean } = {},
) {
  const queries: ChangesQuery[] = [];
  const seen: unknown[] = [];
  const history = {
    unseen: async () => ({ raised: 1, cleared: 0, since: NOW, upTo: 99, lookedAt: more.lookedAt ?? null }),
    seen: async (upTo: number | null) => void seen.push(upTo),
    page: async () => ({ total: rows.length, rows: [], counts: { all: rows.length, raised: rows.length, cleared: 0 } }),
    async *all(query: ChangesQuery) {
      queries.push(query);
      yield* rows;
    },
  };
  const ran = await run(['changes', ...argv], { engine: { history, simulated: more.simulated ?? false } });
  return { ...ran, query: queries[0], seen };
}

describe('changes', () => {
  it('writes a table, newest first, and what it leaves out', async () => {
    const { code, out } = await changes(['--rows', '1'], [change(1), change(2)]);
    expect(code).toBe(0);
    const [head, row, foot] = out.split('\n');
    expect(head).toBe(
      `when (UTC)        change                       source      hash${' '.repeat(62)}threat       lists`,
    );
    expect(row).toContain('non-malicious → ■ malicious  VirusTotal  cdcd');
    expect(foot).toBe(
      '2 changes since 2026-11-15 04:00 UTC: 2 turned malicious, 0 no longer malicious. 1 older change not shown: add --rows all.',
    );
  });

  it.each([
    ['unknown', null, 'unknown', 'not-known', 'unknown → ○ not known '],
    ['unknown', 'not-known', 'malicious', null, 'not known → ■ malicious '],
  ] as const)('says from %s (%s) to %s (%s)', async (was, wasNone, is, isNone, words) => {
    const before = { status: was, noAnswer: wasNone, score: 0, threat: null };
    const after = { status: is, noAnswer: isNone, score: 70, threat: 'x' };
    expect((await changes([], [change(1, { before, after, flip: null })])).out).toContain(`  ${words}`);
  });

  it.each([
    [{ score: 9 }, '(9 → 41)'],
    [{ threat: null }, '(named)'],
    [{ threat: 'Worm' }, '(another name)'],
  ])('says what is new where the status is the same: %j', async (differs, words) => {
    const { after } = change(1);
    const { out } = await changes([], [change(1, { before: { ...after, ...differs }, after, flip: null })]);
    expect(out).toContain(`malicious → ■ malicious ${words}`);
  });

  it('says so when nothing changed', async () => {
    expect((await changes([], [])).out).toBe('Nothing changed since 2026-11-15 04:00 UTC.\n');
    expect((await changes(['--since', 'last'], [])).out).toBe('Nothing changed so far.\n');
  });

  it.each([
    ['24h', NOW - DAY],
    ['3d', NOW - 3 * DAY],
    ['2026-11-01', Date.parse('2026-11-01T00:00:00Z') / 1000],
  ])('takes --since %s', async (since, at) => {
    const { query, seen } = await changes(
      ['--since', since, '--flips', '--source', 'wildfire', '--format', 'jsonl'],
      [],
    );
    expect([query, seen]).toEqual([{ since: at, flipsOnly: true, source: 'wildfire' }, []]);
  });

  it('takes the last look, and makes this one the last', async () => {
    const { query, seen } = await changes(['--since', 'last', '--format', 'json'], [], { lookedAt: 123 });
    expect([query?.since, seen]).toEqual([123, [99]]);
    expect((await changes(['--since', 'last', '--format', 'json'], [])).query?.since).toBe(0);
  });

  it.each(['yesterday', '7', '2026-13-01', ''])('refuses --since "%s" with exit 2', async (since) => {
    const { code, query } = await changes(['--since', since], []);
    expect([code, query]).toEqual([2, undefined]);
  });

  it.each([0, 1, 2])('writes %i changes as one JSON array and as lines', async (length) => {
    const rows = Array.from({ length }, (_, index) => change(index + 1));
    const asArray = JSON.parse((await changes(['--format', 'json'], rows)).out) as unknown[];
    const asLines = (await changes(['--format', 'jsonl'], rows)).out.split('\n').filter((line) => line !== '');
    expect(asArray).toHaveLength(length);
    expect(asLines.map((line) => JSON.parse(line) as unknown)).toEqual(asArray);
  });

  it('writes times in UTC, and marks what simulated sources said', async () => {
    const { out } = await changes(['--format', 'jsonl'], [change(1)], { simulated: true });
    expect(JSON.parse(out)).toMatchObject({
      simulated: true,
      at: '2026-11-22T03:00:00Z',
      hash: SHA256,
      md5: null,
      flip: 'raised',
      before: 'non-malicious',
      after: 'malicious',
      afterScore: 41,
      lists: 1,
      listsNamed: [{ intake: 7, title: 'host 12' }],
    });
  });

  it('writes CSV that no spreadsheet runs', async () => {
    const { out } = await changes(['--format', 'csv'], [change(1)]);
    const [head, row] = out.split('\n');
    expect(head?.split(',').slice(0, 3)).toEqual(['at', 'source', 'hash']);
    expect(row).toContain(",'=cmd|trojan,");
    expect((await changes(['--format', 'csv'], [])).out).toBe(`${head}\n`);
    const marked = (await changes(['--format', 'csv'], [], { simulated: true })).out;
    expect(marked).toBe(`simulated,${head}\n`);
  });
});
