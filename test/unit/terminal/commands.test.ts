import { describe, expect, it } from 'vitest';
import type { CacheStats } from '#shared/contract/app.ts';
import type { ListChange, ListEntry } from '#shared/contract/hash-list.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { StopSignal } from '#main/shells/terminal/host.ts';
import { intakesWith, NOW, row, run, summary } from './stage.ts';

const MD5 = 'ab'.repeat(16);
const SHA256 = 'cd'.repeat(32);

const change = (part: Partial<ListChange> = {}): ListChange => ({
  added: 1,
  updated: 0,
  removed: 0,
  unchanged: 0,
  problems: [],
  changeId: 5,
  ...part,
});

describe('hash-list add', () => {
  const add = async (argv: readonly string[], result: ListChange = change(), stdin: string | null = null) => {
    const calls: [string, unknown][] = [];
    const hashList = {
      add: async (input: unknown) => {
        calls.push(['add', input]);
        return result;
      },
      addText: async (input: unknown) => {
        calls.push(['addText', input]);
        return result;
      },
    };
    return { ...(await run(['hash-list', 'add', ...argv], { engine: { hashList }, stdin })), calls };
  };

  it('adds each hash as an entry, several digests of one file as one', async () => {
    const { code, err, calls } = await add([
      MD5.toUpperCase(),
      `${SHA256},${MD5}`,
      '--malicious',
      '--note',
      'n',
      '--reason',
      'r',
      '--expires',
      '2d',
    ]);
    expect(code).toBe(0);
    expect(calls).toEqual([
      [
        'add',
        {
          side: 'malicious',
          note: 'n',
          reason: 'r',
          expiresAt: NOW + 2 * 86_400,
          groups: [{ md5: MD5 }, { sha256: SHA256, md5: MD5 }],
        },
      ],
    ]);
    expect(err).toBe('1 added, 0 updated, 0 removed, 0 unchanged. Undo: assay hash-list undo 5\n');
  });

  it('finds hashes in standard input', async () => {
    const { calls } = await add(['-', '--non-malicious'], change(), `seen ${MD5} today`);
    expect(calls).toEqual([
      ['addText', { side: 'non-malicious', note: '', reason: '', expiresAt: null, text: `seen ${MD5} today` }],
    ]);
  });

  it.each([
    ['abc', /"abc" is not a hash/],
    [`${MD5},${MD5}`, /two digests of the same kind/],
  ])('refuses %s with exit 2', async (hash, message) => {
    const { code, err, calls } = await add([hash, '--malicious']);
    expect({ code, calls }).toEqual({ code: 2, calls: [] });
    expect(err).toMatch(message);
  });

  it('writes nothing and says where the other side is', async () => {
    const message = `${MD5} is on the non-malicious side (entry 3).`;
    const problem = {
      line: null,
      hash: MD5,
      side: 'malicious',
      problem: 'other-side',
      message,
      otherLine: null,
      otherEntry: 3,
    } as const;
    const { code, err } = await add([MD5, '--malicious'], change({ added: 0, problems: [problem], changeId: null }));
    expect({ code, err }).toEqual({ code: 1, err: `${message}\nNothing was written: the whole change is refused.\n` });
  });

  it('is done when everything is there already', async () => {
    const { code, err } = await add([MD5, '--malicious'], change({ added: 0, unchanged: 1, changeId: null }));
    expect({ code, err }).toEqual({ code: 0, err: 'Nothing to change.\n' });
  });
});

describe('hash-list remove', () => {
  const remove = (
    argv: readonly string[],
    removed: number,
    notListed: readonly string[],
    stdin: string | null = null,
  ) =>
    run(['hash-list', 'remove', ...argv], {
      stdin,
      engine: {
        hashList: {
          removeHashes: async (hashes: readonly string[]) => {
            expect(hashes).toEqual([MD5, SHA256]);
            return { change: change({ added: 0, removed, changeId: removed > 0 ? 6 : null }), notListed };
          },
        },
      },
    });

  it('names hashes that are on no entry', async () => {
    const { code, err } = await remove([MD5, SHA256], 1, [SHA256]);
    expect(code).toBe(0);
    expect(err).toContain(`${SHA256} is not on the list.`);
    expect(err).toContain('1 removed');
  });

  it('reads standard input, and is exit 1 when none was listed', async () => {
    const { code } = await remove(['-'], 0, [MD5, SHA256], `${MD5}\n${SHA256}\n`);
    expect(code).toBe(1);
  });
});

describe('hash-list list', () => {
  const entry: ListEntry = {
    id: 1,
    side: 'malicious',
    digests: { md5: MD5 },
    note: 'EICAR',
    reason: '',
    addedBy: 'ana',
    addedAt: NOW,
    expiresAt: NOW - 1,
    expired: true,
    seenIn: 0,
  };
  const hashList = {
    page: async (query: unknown, page: { offset: number; limit: number }) => ({
      total: 1200,
      rows: Array.from({ length: Math.max(0, Math.min(page.limit, 1200 - page.offset)) }, (_, index) => ({
        ...entry,
        id: page.offset + index + 1,
      })),
      counts: { all: 1200, malicious: 1200, 'non-malicious': 0, expiring: 0, digests: 1200 },
      query,
    }),
  };

  it('shows the first of many and says how to see the rest', async () => {
    const { out, code } = await run(['hash-list', 'list', '--rows', '2'], { engine: { hashList } });
    const lines = out.trimEnd().split('\n');
    expect(code).toBe(0);
    expect(lines).toHaveLength(4);
    expect(lines[1]).toMatch(/^■ malicious {2}(ab)+ {2}EICAR {2}ana +2026-11-22 04:00 +2026-11-22 03:59 expired$/);
    expect(lines[3]).toBe('1,198 more entries of 1,200: add --rows all');
  });

  it('writes all of them as data', async () => {
    const { out } = await run(['hash-list', 'list', '--format', 'jsonl'], { engine: { hashList } });
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(1200);
    expect(JSON.parse(lines[1199] ?? '')).toMatchObject({ md5: MD5, sha256: null, list: 'malicious', notes: 'EICAR' });
  });
});

describe('hash-list import', () => {
  const preview = { token: 't', name: 'x', lines: 2, added: 2, unchanged: 0, updated: 0, removed: 0 };
  const hashList = {
    preview: async (file: { name: string; chunks: AsyncIterable<Uint8Array> }, options: unknown) => {
      for await (const chunk of file.chunks) {
        expect(chunk.length).toBeGreaterThan(0);
      }
      return { ...preview, name: file.name, problems: [], problemCount: 0, options };
    },
    import: async (token: string) => {
      expect(token).toBe('t');
      return change({ added: 2 });
    },
  };

  it('carries out what the preview says', async () => {
    const { code, err } = await run(['hash-list', 'import', '-'], { engine: { hashList }, stdin: 'hash,list\n' });
    expect({ code, err }).toEqual({
      code: 0,
      err: '2 added, 0 updated, 0 removed, 0 unchanged. Undo: assay hash-list undo 5\n',
    });
  });

  it('only says it with --dry-run', async () => {
    const { code, out } = await run(['hash-list', 'import', '--dry-run', '-'], {
      engine: { hashList: { preview: hashList.preview } },
      stdin: 'hash,list\n',
    });
    expect({ code, out }).toEqual({
      code: 0,
      out: '2 lines: 2 to add, 0 to update, 0 to remove, 0 unchanged, 0 problems.\n',
    });
  });

  it('says which file cannot be read', async () => {
    const { code, err } = await run(['hash-list', 'import', 'no-such.csv'], { engine: { hashList } });
    expect({ code, err }).toEqual({ code: 1, err: 'assay: no-such.csv cannot be read: there is no such file.\n' });
  });
});

describe('intakes', () => {
  it('lists, shows and removes', async () => {
    const intakes = intakesWith([row(0)], summary({ embargo: true }));
    const list = await run(['intakes', 'list'], { engine: { intakes } });
    expect(list.out).toContain('list.txt  ready, embargo');
    const show = await run(['intakes', 'show', '7', '--format', 'jsonl'], { engine: { intakes } });
    expect(JSON.parse(show.out)).toMatchObject({ hash: '00'.repeat(32) });
    const remove = await run(['intakes', 'remove', '7'], { engine: { intakes } });
    expect([remove.code, intakes.calls.at(-1)]).toEqual([0, ['forget', 7]]);
  });

  it('says in the list which of them has a fault, as the window does', async () => {
    const intakes = intakesWith([row(0)], summary({ embargo: true, fault: 'list.gz: the data ends too early.' }));
    const list = await run(['intakes', 'list'], { engine: { intakes } });
    expect(list.out).toContain('list.txt  ready, with a fault, embargo');
  });

  it('lists every rejected row on standard output', async () => {
    const intakes = {
      ...intakesWith([]),
      troubles: async (_: number, page: { offset: number }) => ({
        total: 501,
        rows: Array.from({ length: page.offset === 0 ? 500 : 1 }, (__, index) => ({
          file: 'a\u001b.txt',
          line: page.offset + index + 1,
          column: null,
          kind: 'rejected' as const,
          reason: 'not hex',
          excerpt: '',
        })),
      }),
    };
    const { out } = await run(['intakes', 'show', '7', '--rejected'], { engine: { intakes } });
    expect(out.trimEnd().split('\n')).toHaveLength(501);
    expect(out).toContain('a\\x1b.txt:501: rejected, not hex\n');
  });

  it('says that there is none', async () => {
    const intakes = { get: () => Promise.reject(new AppError('NOT_FOUND', 'There is no intake 9.')) };
    const { code, err } = await run(['intakes', 'show', '9'], { engine: { intakes } });
    expect({ code, err }).toEqual({ code: 1, err: 'assay: There is no intake 9.\n' });
  });
});

describe('cache', () => {
  const accelerator = { refresh: async () => false };
  const imported = (part: object) => ({
    importItems: async () => ({
      lines: 3,
      imported: 2,
      updated: 0,
      unchanged: 0,
      rejected: 1,
      notMade: 0,
      firstProblems: [{ line: 2, reason: 'no digest' }],
      ...part,
    }),
  });

  it.each([
    ['takes what fits', [], {}, 0],
    ['is strict when asked', ['--strict'], {}, 4],
    ['is exit 1 when nothing fits', [], { imported: 0, rejected: 3 }, 1],
    ['is done with an empty file', [], { lines: 0, imported: 0, rejected: 0, firstProblems: [] }, 0],
  ])('import %s', async (_, argv, part, code) => {
    const ran = await run(['cache', 'import', '-', ...argv], {
      engine: { cache: imported(part), accelerator },
      stdin: '{}\n',
    });
    expect(ran.code).toBe(code);
  });

  it('keeps what was imported when it is stopped', async () => {
    let stop: (signal: StopSignal) => void = () => undefined;
    const cache = {
      importItems: async () => {
        stop('SIGINT');
        return { lines: 2, imported: 2, updated: 0, unchanged: 0, rejected: 0, notMade: 0, firstProblems: [] };
      },
    };
    const onHost = (call: typeof stop) => (stop = call);
    const { code, err } = await run(['cache', 'import', '-'], { engine: { cache }, stdin: '{}', onHost });
    expect(code).toBe(130);
    expect(err).toContain('Cancelled. What was imported is kept.');
  });

  it('names rejected lines', async () => {
    const { err } = await run(['cache', 'import', '-'], {
      engine: { cache: imported({}), accelerator },
      stdin: '{}\n',
    });
    expect(err).toBe(
      'standard input:2: rejected, no digest\n3 lines in = 2 imported + 0 updated + 0 unchanged + 1 rejected.\n',
    );
  });

  it('exports lines', async () => {
    async function* lines() {
      yield '{"a":1}';
      yield '{"a":2}\n';
    }
    const { out } = await run(['cache', 'export'], { engine: { cache: { exportItems: lines } } });
    expect(out).toBe('{"a":1}\n{"a":2}\n');
  });

  it('prints statistics as words and as JSON', async () => {
    const stats: CacheStats = {
      files: 1,
      digests: 3,
      items: 1200,
      itemsByStatus: { malicious: 1200 },
      unasked: 7,
      itemsBySource: { virustotal: 1200 },
      listEntries: 0,
      knownSets: 0,
      intakes: 0,
      databaseBytes: 65_536,
      intakeBytes: 0,
      knownSetBytes: 0,
      syncJobs: 2,
      syncIndicators: 100_000,
      changesSeq: 9,
      schemaVersion: 1,
      size: { bytes: 0, cap: 8_589_934_592, isFull: false },
    };
    const cache = { stats: async () => stats };
    const table = await run(['cache', 'stats'], { engine: { cache } });
    expect(table.out).toMatch(/VirusTotal +1,200\n/);
    expect(table.out).toMatch(/not answered yet +7\n/);
    expect(table.out).toMatch(/sync jobs +2, 100,000 indicators\n/);
    expect(table.out).toMatch(/database +65\.5 kB\n/);
    const json = await run(['cache', 'stats', '--format', 'json'], { engine: { cache } });
    expect(JSON.parse(json.out)).toEqual({ directory: '/data', ...stats });
  });

  it('is exit 1 when the check finds damage', async () => {
    const verify = (problems: readonly string[]) => ({
      verify: async () => ({ ok: problems.length === 0, problems }),
    });
    const sound = await run(['cache', 'verify'], { engine: { cache: verify([]) } });
    const damaged = await run(['cache', 'verify'], { engine: { cache: verify(['page 3 is damaged']) } });
    expect([sound.code, damaged.code, damaged.out]).toEqual([0, 1, 'page 3 is damaged\n']);
  });
});
