import { describe, expect, it } from 'vitest';
import type { DecisionEffect, Disagreement } from '#shared/contract/review.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { NOW, run } from './stage.ts';

const SHA256 = 'cd'.repeat(32);
const NONE = { malicious: 0, suspicious: 0, 'non-malicious': 0, pending: 0, unknown: 0, conflict: 0, stale: 0 };

const disputed = (fileId: number): Disagreement => ({
  fileId,
  digests: { sha256: SHA256 },
  since: NOW - fileId * 60,
  verdict: {
    status: 'malicious',
    rule: 'source',
    source: 'virustotal',
    agreeing: 0,
    answeredAt: NOW,
    flags: ['conflict'],
  },
  says: [
    { source: 'virustotal', status: 'malicious', score: '41 of 72 engines', threat: null },
    { source: 'wildfire', status: 'non-malicious', score: '', threat: null },
  ],
  intakeCount: 2,
});
const effect: DecisionEffect = {
  files: 1,
  intakes: [
    {
      intakeId: 7,
      title: 'host 12',
      rows: 3,
      moved: 2,
      before: { ...NONE, malicious: 3 },
      after: { ...NONE, 'non-malicious': 3 },
    },
  ],
  queued: 4,
  rescans: 1,
  problems: [],
  elapsedMs: 1,
};

async function review(argv: readonly string[], parts: Record<string, unknown> = {}, stdin: string | null = '') {
  const decided: unknown[] = [];
  const engine = {
    review: {
      settle: async () => undefined,
      page: async ({ offset, limit }: { offset: number; limit: number }) => ({
        total: 3,
        atLeast: false,
        rows: [1, 2, 3].slice(offset, offset + limit).map(disputed),
      }),
      find: async () => [disputed(1)],
      preview: async () => effect,
      decide: async (decision: unknown) => {
        decided.push(decision);
        return { added: 1, updated: 0, removed: 0, unchanged: 0, problems: [], changeId: 5 };
      },
      ...parts,
    },
  };
  return { ...(await run(['review', ...argv], { engine, stdin })), decided };
}

describe('review', () => {
  it('lists who says what', async () => {
    const { code, out } = await review(['--rows', '2']);
    const [, row, , foot] = out.split('\n');
    expect(code).toBe(0);
    expect(row).toContain('VirusTotal malicious (41 of 72 engines), WildFire non-malicious');
    expect(foot).toBe('1 more of 3 files: add --rows all');
  });

  it('says how one is decided', async () => {
    const [, , , , foot] = (await review([])).out.split('\n');
    expect(foot).toBe('3 files. Decide: assay review decide HASH --malicious or --known-good, --reason TEXT');
  });

  it('writes every one of them as lines', async () => {
    const { out } = await review(['list', '--format', 'jsonl']);
    const rows = out.split('\n').filter((line) => line !== '');
    expect(rows.map((line) => (JSON.parse(line) as { hash: string }).hash)).toEqual([SHA256, SHA256, SHA256]);
  });
});

it('writes the names of the columns as CSV, also where nothing waits', async () => {
  const { out } = await review(['--format', 'csv']);
  const none = await review(['--format', 'csv'], { page: async () => ({ total: 0, atLeast: false, rows: [] }) });
  expect(none.out).toBe(`${out.split('\n')[0]}\n`);
  expect(none.out).toContain('hash,md5,');
});

describe('review decide', () => {
  const argv = ['decide', SHA256, '--known-good', '--reason', 'own build'];

  it('shows the effect, then decides', async () => {
    const { code, out, err, decided } = await review([...argv, '--yes']);
    expect(code).toBe(0);
    expect(out).toContain('1 file as known good: 3 rows in 1 list would be judged by it, 2 with another status.');
    expect(out).toContain('3 malicious  3 non-malicious');
    expect(out).toContain('4 waiting questions would leave the queue, 1 answer would no longer be asked for again.');
    expect(decided).toEqual([{ fileIds: [1], side: 'non-malicious', reason: 'own build', note: '', expiresAt: null }]);
    expect(err).toContain('Undo: assay hash-list undo 5');
  });

  it('only shows it with --dry-run', async () => {
    const { code, out, decided } = await review([...argv, '--dry-run']);
    expect([code, decided]).toEqual([0, []]);
    expect(out).toContain('would be judged by it');
  });

  it('decides nothing where nobody can agree to it', async () => {
    const { code, err, decided } = await review(argv);
    expect([code, decided]).toEqual([2, []]);
    expect(err).toContain('add --yes');
  });

  it('decides nothing when something stands in the way', async () => {
    const problem = {
      line: null,
      hash: SHA256,
      side: 'malicious',
      problem: 'other-side',
      message: 'It is on the other side (entry 3).',
      otherLine: null,
      otherEntry: 3,
    };
    const preview = async (): Promise<unknown> => ({ ...effect, intakes: [], problems: [problem] });
    const { code, out, decided } = await review([...argv, '--yes'], { preview });
    expect([code, decided]).toEqual([1, []]);
    expect(out).toContain('It is on the other side (entry 3).\nNothing can be decided while that stands.');
  });

  it('says that sources do not disagree', async () => {
    const find = async (): Promise<never> => {
      throw new AppError('NOT_FOUND', 'No sources disagree about it.');
    };
    const { code, err, decided } = await review([...argv, '--yes'], { find });
    expect([code, decided]).toEqual([1, []]);
    expect(err).toContain('No sources disagree about it.');
  });

  it.each([
    [['decide', SHA256, '--reason', 'x']],
    [['decide', SHA256, '--malicious']],
    [['decide', SHA256, '--malicious', '--reason', ' ']],
    [['decide', SHA256, '--malicious', '--known-good', '--reason', 'x']],
  ])('refuses %j with exit 2', async (wrong) => {
    const { code, decided } = await review(wrong);
    expect([code, decided]).toEqual([2, []]);
  });
});
