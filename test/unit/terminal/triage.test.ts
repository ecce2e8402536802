import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import type { StopSignal } from '#main/shells/terminal/host.ts';
import { accounting, input, intakesWith, noCounts, NOW, row, run, summary } from './stage.ts';

const bad = row(
  0,
  {},
  { status: 'malicious', rule: 'source', source: 'wildfire', agreeing: 2, answeredAt: NOW - 10_800 },
);
const rows = [bad, row(1), row(2)];

describe('triage as a table', () => {
  it('starts with the accounting and the counts, then the rows, then where it is kept', async () => {
    const { code, out, err } = await run(['triage', 'list.txt'], { engine: { intakes: intakesWith(rows) } });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(
      [
        'list.txt',
        'list.txt: One hash per line (3 of 3 lines begin with a hash), UTF-8',
        '3 records = 3 hashes + 0 duplicates + 0 without a hash + 0 rejected',
        '■ 1 malicious  ▲ 0 suspicious  ● 0 non-malicious  ◌ 0 pending  ○ 2 unknown',
        '',
        `verdict      ${'hash'.padEnd(64)}  basis        age  where`,
        `■ malicious  ${'00'.repeat(32)}  WildFire +2  3 h  list.txt:1`,
        `○ unknown    ${'01'.repeat(32)}  never asked       list.txt:2`,
        `○ unknown    ${'02'.repeat(32)}  never asked       list.txt:3`,
        '',
        'Kept as intake 7, answered in 0.4 s from this machine.',
        '',
      ].join('\n'),
    );
  });

  it('says what each format brought in when there are several', async () => {
    const counts = { hashed: 1_500, without: 2, rejected: 3, otherLines: 4 };
    const several = [
      input({ counts, records: 1_505 }),
      input({ name: 'b.csv', format: 'csv', formatLabel: 'CSV', records: 9, counts: { ...counts, hashed: 4 } }),
      input({ name: 'c.csv', format: 'csv', formatLabel: 'CSV', records: 9, counts: { ...counts, hashed: 4 } }),
    ];
    const intakes = { ...intakesWith(rows), get: async () => ({ intake: summary(), inputs: several }) };
    const lines = [
      'format             inputs   rows  with hash  without  rejected  other lines',
      'One hash per line       1  1,505      1,500        2         3            4',
      'CSV                     2     18          8        4         6            8',
    ];
    const { out } = await run(['intakes', 'show', '7'], { engine: { intakes } });
    expect(out).toContain(`\n${lines.join('\n')}\n3 records =`);
    const data = await run(['intakes', 'show', '7', '--format', 'csv'], { engine: { intakes } });
    expect(data.err).toContain(`${lines.join('\n')}\n3 records =`);
    const one = await run(['intakes', 'show', '7'], { engine: { intakes: intakesWith(rows) } });
    expect(one.out).not.toContain('other lines');
  });

  it('asks for the worst first, and no more rows than it shows', async () => {
    const intakes = intakesWith(rows);
    const { out } = await run(['triage', 'list.txt', '--rows', '2', '--only', 'malicious,unknown'], {
      engine: { intakes },
    });
    expect(intakes.calls.find(([name]) => name === 'rows')?.[1]).toEqual({
      query: { statuses: ['malicious', 'unknown'], flags: [], text: '', sort: 'verdict', descending: true, asOf: 0 },
      page: { offset: 0, limit: 2 },
    });
    expect(out).toContain('1 more row that are malicious or unknown of 3');
    expect(out).toContain('assay intakes show 7 --only malicious,unknown --rows all');
  });

  it.each([40, 60, 80, 120, 200])('fits a terminal of %i columns', async (columns) => {
    const long = row(3, { file: `/a/very/${'long/'.repeat(20)}path.txt`, occurrences: 1200 });
    const { out } = await run(['triage', 'x', '--no-color'], {
      columns,
      engine: { intakes: intakesWith([bad, long]) },
    });
    const table = out.split('\n').filter((line) => /^[■○] (malicious|unknown) /.test(line));
    expect(table).toHaveLength(2);
    expect(Math.max(...table.map((line) => line.length))).toBeLessThanOrEqual(Math.max(columns, 60));
  });

  it('lets no list write to the terminal on its own', async () => {
    const evil = row(0, { file: 'a\u001b[2J\u202e\u0007.txt' });
    const intake = summary({ title: '\u001b]0;pwned\u0007' });
    const { out, err } = await run(['triage', 'x'], { engine: { intakes: intakesWith([evil], intake) } });
    // oxlint-disable-next-line no-control-regex -- this is what must not be there
    expect(out + err).not.toMatch(/[\u0007\u001b\u202e]/);
    expect(out).toContain('a\\x1b[2J\\u202e\\x07.txt:1');
  });

  it('marks conflict and stale beside the verdict', async () => {
    const torn = row(0, {}, { ...bad.verdict, flags: ['conflict', 'stale'] });
    const { out } = await run(['triage', 'x'], { engine: { intakes: intakesWith([torn]) } });
    expect(out).toMatch(/■ malicious ≠ .*3 h stale/);
  });

  it('colours a terminal, and nothing else', async () => {
    const engine = { intakes: intakesWith(rows) };
    const coloured = await run(['triage', 'x'], { columns: 120, engine });
    const plain = [
      await run(['triage', 'x'], { engine }),
      await run(['triage', 'x', '--no-color'], { columns: 120, engine }),
      await run(['--no-color', 'triage', 'x'], { columns: 120, engine }),
      await run(['triage', 'x'], { columns: 120, engine, env: { NO_COLOR: '1' } }),
      await run(['triage', 'x'], { columns: 120, engine, env: { TERM: 'dumb' } }),
    ];
    expect(coloured.out).toContain('\u001b[31m■ malicious');
    expect(plain.filter(({ out }) => out.includes('\u001b'))).toEqual([]);
  });

  it('says when a filter leaves no row', async () => {
    const { out, code } = await run(['triage', 'x', '--only', 'pending'], { engine: { intakes: intakesWith([]) } });
    expect({ code, none: out.includes('No rows that are pending.') }).toEqual({ code: 0, none: true });
  });
});

describe('what triage asks for', () => {
  const started = async (argv: readonly string[], stdin: string | null = null) => {
    const intakes = intakesWith(rows);
    const result = await run(['triage', ...argv], { engine: { intakes }, stdin });
    return { ...result, request: intakes.calls.find(([name]) => name === 'start')?.[1], calls: intakes.calls };
  };

  it('names files from the folder it stands in', async () => {
    const { request } = await started(['a.txt', '/b.csv']);
    expect(request).toEqual({
      door: 'terminal',
      inputs: [
        { kind: 'path', path: '/work/a.txt' },
        { kind: 'path', path: '/b.csv' },
      ],
      reading: { as: 'auto' },
    });
  });

  it('passes on how to read', async () => {
    const argv = [
      '--as',
      'list',
      '--read-as',
      'csv',
      '--column',
      'SHA256',
      '--column',
      '3',
      '--title',
      'Case',
      'a.csv',
    ];
    const { request } = await started(argv);
    expect(request).toMatchObject({
      title: 'Case',
      reading: { as: 'list', format: 'csv', digestColumns: ['SHA256', '3'] },
    });
  });

  it.each([
    [['--as', 'csv'], { as: 'list', format: 'csv' }],
    [['--as', 'csv', '--read-as', 'csv', '--column', '2'], { as: 'list', format: 'csv', digestColumns: ['2'] }],
    [['--as', 'list'], { as: 'list' }],
    [['--read-as', 'list'], { as: 'auto', format: 'list' }],
    [['--as', 'list', '--read-as', 'stix'], { as: 'list', format: 'stix' }],
    [['--as', 'sample'], { as: 'sample' }],
    [['--as', 'zip'], { as: 'auto', format: 'zip' }],
  ])('takes a format where it takes a kind: %j', async (argv, reading) => {
    expect((await started([...argv, 'a.txt'])).request).toMatchObject({ reading });
  });

  it('refuses two formats at once', async () => {
    const { code, err } = await run(['triage', '--as', 'csv', '--read-as', 'gnu', 'a.txt']);
    expect({ code, err }).toEqual({ code: 2, err: 'assay: --as csv and --read-as gnu name two formats. Name one.\n' });
  });

  it.each([[[]], [['-']]])('reads a pipe with arguments %j', async (argv) => {
    const { request } = await started(argv, 'text');
    expect(request).toMatchObject({ inputs: [{ kind: 'stream', name: 'standard input' }] });
  });

  it('reads under embargo from the start', async () => {
    const { request } = await started(['--embargo', 'a.txt']);
    expect(request).toMatchObject({ embargo: true });
  });

  it.each([
    [[], /Name a file or folder/],
    [['-', '-'], /once only/],
    [['--format', 'xml', 'a'], /Allowed choices are table, json, jsonl, csv/],
    [['--only', 'bad', 'a'], /"bad" is not a verdict/],
    [['--rows', '-1', 'a'], /is not a number of rows/],
    [['--fail-on', 'unknown', 'a'], /Allowed choices are malicious, suspicious/],
    [['--as', 'x', 'a'], /auto, list, sample/],
    [['--data', '', 'a'], /--data/],
    [['--nonsense', 'a'], /unknown option/],
  ])('refuses %j with exit 2 and opens nothing', async (argv, message) => {
    const { code, out, err, calls } = await started(argv);
    expect({ code, out, calls }).toEqual({ code: 2, out: '', calls: [] });
    expect(err).toMatch(message);
    expect(err).toMatch(/^assay: /);
  });
});

describe('exit codes of triage', () => {
  const counts = { ...noCounts, suspicious: 1 };
  const partly = { accounting: accounting({ records: 4, rejected: 1 }) };
  it.each([
    ['nothing asked', [], summary(), 0],
    ['malicious found', ['--fail-on', 'malicious'], summary(), 3],
    ['malicious is worse than suspicious', ['--fail-on', 'suspicious'], summary(), 3],
    ['suspicious found', ['--fail-on', 'suspicious'], summary({ counts }), 3],
    ['suspicious is not malicious', ['--fail-on', 'malicious'], summary({ counts }), 0],
    ['a rejected row', [], summary(partly), 0],
    ['a rejected row, strictly', ['--strict'], summary(partly), 4],
    ['nothing rejected, strictly', ['--strict'], summary(), 0],
    ['rows that do not add up, strictly', ['--strict'], summary({ accounting: accounting({ balanced: false }) }), 4],
    ['found goes before strict', ['--strict', '--fail-on', 'malicious'], summary(partly), 3],
    ['a filter does not hide what was found', ['--fail-on', 'malicious', '--only', 'unknown'], summary(), 3],
    ['nothing could be read', [], summary({ state: 'failed', fault: 'x.txt cannot be read.' }), 1],
  ] as const)('%s: %j', async (_, argv, intake, code) => {
    expect((await run(['triage', 'x', ...argv], { engine: { intakes: intakesWith(rows, intake) } })).code).toBe(code);
  });

  it('counts a damaged input as incomplete', async () => {
    const intakes = intakesWith(rows, summary(), [input({ fault: 'the archive ends in line 3' })]);
    const { code, err } = await run(['triage', '--strict', 'x'], { engine: { intakes } });
    expect({ code, err }).toEqual({ code: 4, err: 'list.txt: the archive ends in line 3\n' });
  });

  it('says what could not be read, in one line', async () => {
    const intakes = intakesWith([], summary({ state: 'failed', fault: '/work/x cannot be read.' }), []);
    const { out, err } = await run(['triage', 'x'], { engine: { intakes } });
    expect({ out, err }).toEqual({ out: '', err: 'assay: /work/x cannot be read.\n' });
  });
});

describe('rejected rows', () => {
  const trouble = (line: number) => ({
    file: 'list.txt',
    line,
    column: 3,
    kind: line % 2 === 0 ? ('without-hash' as const) : ('rejected' as const),
    reason: '63 hex digits',
    excerpt: 'dead',
  });
  const intake = summary({ accounting: accounting({ records: 33, rejected: 30 }) });

  it('are named with place and reason on standard error, the first twenty of them', async () => {
    const troubles = Array.from({ length: 60 }, (_, index) => trouble(index + 1));
    const intakes = {
      ...intakesWith(rows, intake),
      troubles: async (_: number, page: { offset: number; limit: number }) => ({
        total: 60,
        rows: troubles.slice(page.offset, page.offset + page.limit),
      }),
    };
    const { err, out } = await run(['--quiet', 'triage', 'x', '--format', 'jsonl'], { engine: { intakes } });
    const lines = err.trimEnd().split('\n');
    expect(lines).toHaveLength(21);
    expect(lines[0]).toBe('list.txt:1:3: rejected, 63 hex digits: "dead"');
    expect(lines[20]).toBe('10 more rows rejected: assay intakes show 7 --rejected');
    expect(out).not.toContain('rejected,');
  });
});

describe('stopping', () => {
  const stopping = (signal: StopSignal, state: 'cancelled' | 'ready') => {
    let stop: (signal: StopSignal) => void = () => undefined;
    const done = summary({ state, accounting: accounting({ records: 1200, hashes: 1100 }) });
    const intakes = {
      ...intakesWith(rows, done),
      start: async (_: unknown, __: unknown, asked: AbortSignal) => {
        stop(signal);
        expect(asked.aborted).toBe(true);
        return { intakeId: 7, finished: Promise.resolve(done) };
      },
    };
    return run(['triage', 'x'], { engine: { intakes }, onHost: (call) => (stop = call) });
  };

  it('keeps what was read and says so', async () => {
    const { code, out, err } = await stopping('SIGINT', 'cancelled');
    expect({ code, out }).toEqual({ code: 130, out: '' });
    expect(err).toBe('Cancelled. 1,200 rows read so far: 1,100 hashes kept and answered as intake 7.\n');
  });

  it('gives up at once on the second Ctrl-C, but not on the echo of the first', async () => {
    let now = NOW * 1000;
    let stop: (signal: StopSignal) => void = () => undefined;
    const abandoned: number[] = [];
    const done = summary({ state: 'cancelled' });
    const intakes = {
      ...intakesWith(rows, done),
      start: async () => {
        stop('SIGINT');
        now += 100;
        stop('SIGINT');
        expect(abandoned).toEqual([]);
        now += 1000;
        stop('SIGINT');
        return { intakeId: 7, finished: Promise.resolve(done) };
      },
    };
    await run(['triage', 'x'], {
      engine: { intakes },
      now: () => now,
      onHost: (call) => (stop = call),
      onAbandon: (code) => abandoned.push(code),
    });
    expect(abandoned).toEqual([130]);
  });

  it('does not wait for standard input any longer', async () => {
    let stop: (signal: StopSignal) => void = () => undefined;
    const done = summary({ state: 'cancelled' });
    const intakes = {
      ...intakesWith(rows, done),
      start: async (request: { readonly inputs: readonly { readonly chunks: AsyncIterable<Uint8Array> }[] }) => {
        const got: string[] = [];
        for await (const chunk of request.inputs[0]?.chunks ?? []) {
          got.push(Buffer.from(chunk).toString());
          stop('SIGINT');
        }
        expect(got).toEqual(['first']);
        return { intakeId: 7, finished: Promise.resolve(done) };
      },
    };
    async function* endless() {
      yield Buffer.from('first');
      await new Promise(() => undefined);
    }
    const { code } = await run(['triage', '-'], {
      engine: { intakes },
      onHost: (call) => (stop = call),
      stdinStream: Readable.from(endless()),
    });
    expect(code).toBe(130);
  });

  it('ends with 128 and the number of the signal', async () => {
    expect((await stopping('SIGTERM', 'cancelled')).code).toBe(143);
  });
});

describe('failures', () => {
  const failing = (error: unknown, env: Record<string, string> = {}) =>
    run(['triage', 'x'], { env, openEngine: () => Promise.reject(error) });

  it('are one sentence', async () => {
    const { code, out, err } = await failing(new AppError('DB_BUSY', 'The database is busy. Try again.'));
    expect({ code, out, err }).toEqual({ code: 1, out: '', err: 'assay: The database is busy. Try again.\n' });
  });

  it('name a defect as unexpected and keep its stack for ASSAY_DEBUG', async () => {
    const plain = await failing(new TypeError('x is not a function'));
    expect(plain.err).toBe('assay: unexpected: x is not a function. ASSAY_DEBUG=1 shows where.\n');
    const debug = await failing(new TypeError('x is not a function'), { ASSAY_DEBUG: '1' });
    expect(debug.err).toMatch(/\n\s+at /);
  });
});
