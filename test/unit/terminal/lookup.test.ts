import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { ItemChange } from '#shared/contract/history.ts';
import type { LookupResult } from '#shared/contract/lookup.ts';
import type { LookupService } from '#main/services/lookup/port.ts';
import { found, malicious, result, source } from '#test/renderer/lookup/lookup-world.ts';
import { hashOf } from '#test/renderer/world.ts';
import { NOW, run, type StageOptions } from './stage.ts';

interface AskStage {
  readonly asked: unknown[];
  /** How often this process sought to be the one that asks, and gave it up. */
  seeks: number;
  engine: NonNullable<StageOptions['engine']>;
}

/** An engine that knows these results, and whose sources answer at the second look after being asked. */
function stage(
  before: readonly LookupResult[],
  after: readonly LookupResult[] = before,
  changes: readonly ItemChange[] = [],
): AskStage {
  let looks = 0;
  const state: AskStage = { asked: [], seeks: 0, engine: {} };
  const lookup: LookupService = {
    find: async () => {
      looks += state.asked.length > 0 ? 1 : 0;
      return found(...(looks > 1 ? after : before.map((one) => (state.asked.length > 0 ? queuedOnes(one) : one))));
    },
    ask: async (hash, sources, again) => {
      state.asked.push([hash, ...sources, again]);
      return { queued: 1, refused: [] };
    },
    page: () => Promise.reject(new Error('not opened by the terminal')),
  };
  state.engine = {
    lookup,
    history: {
      ofHash: async (_: string, limit: number) => ({
        lanes: [],
        changes: changes.slice(0, limit),
        total: changes.length,
      }),
    },
    simulated: false,
    outbound: {
      seek: () => {
        state.seeks += 1;
        return async () => void (state.seeks -= 1);
      },
    },
    database: { onChange: (listener: () => void) => (setImmediate(listener), () => undefined) },
  };
  return state;
}

function queuedOnes(one: LookupResult): LookupResult {
  return { ...one, sources: one.sources.map((each) => (each.due ? { ...each, queued: 'on its way' } : each)) };
}

/** VirusTotal called it malicious so many hours ago. */
const flipped = (hours: number): ItemChange => ({
  id: 100 - hours,
  source: 'virustotal',
  at: NOW - hours * 3600,
  from: NOW - 30 * 86_400,
  before: { status: 'non-malicious', noAnswer: null, score: 0, threat: null },
  after: { status: 'malicious', noAnswer: null, score: 41, threat: 'trojan' },
  flip: 'raised',
});

describe('assay lookup', () => {
  it('shows the verdict, why, the sources, other digests and where it was seen', async () => {
    const { code, out } = await run(['lookup', hashOf(1)], stage([malicious(1)]));
    expect(code).toBe(0);
    for (const part of [
      `■ malicious  ${hashOf(1)}  SHA-256`,
      'WildFire says malicious, 3 hours ago.',
      '41 of 72 engines',
      'trojan.emotet/autorun',
      'due, 1 request of 207 left',
      `MD5 ${'ab'.repeat(16)} (source)`,
      'seen in intake 5, case 4711, embargo',
    ]) {
      expect(out).toContain(part);
    }
  });

  it('writes data with times in UTC', async () => {
    const { out } = await run(['lookup', '--json', hashOf(1)], stage([malicious(1)]));
    const [data] = JSON.parse(out) as [Record<string, unknown>];
    expect(data).toMatchObject({
      hash: hashOf(1),
      verdict: 'malicious',
      sources: [
        { source: 'wildfire', status: 'malicious', due: false },
        {
          source: 'virustotal',
          status: 'malicious',
          score: 41,
          threat: 'trojan.emotet/autorun',
          stale: true,
          due: true,
        },
      ],
    });
    expect((data['seenIn'] as [{ createdAt: string }])[0].createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  it('says what changed, newest first, and all of it as data', async () => {
    const changes = Array.from({ length: 7 }, (_, index) => flipped(index + 1));
    const staged = stage([malicious(1)], undefined, changes);
    const { out } = await run(['lookup', hashOf(1)], staged);
    expect(out).toContain('\n  2026-11-22 03:00 UTC: VirusTotal non-malicious → ■ malicious\n  2026-11-22 02:00 UTC');
    expect(out).toContain(
      '\n  2026-11-21 23:00 UTC: VirusTotal non-malicious → ■ malicious\n  2 older changes: add --json\n',
    );
    const { out: json } = await run(['lookup', '--json', hashOf(1)], staged);
    const [data] = JSON.parse(json) as [{ readonly changes: readonly unknown[] }];
    expect(data.changes).toHaveLength(7);
    expect(data.changes[0]).toEqual({
      at: '2026-11-22T03:00:00Z',
      source: 'virustotal',
      flip: 'raised',
      before: 'non-malicious',
      beforeNoAnswer: null,
      beforeScore: 0,
      beforeThreat: null,
      beforeSince: '2026-10-23T04:00:00Z',
      after: 'malicious',
      afterNoAnswer: null,
      afterScore: 41,
      afterThreat: 'trojan',
    });
  });

  it('takes any text from standard input', async () => {
    const { code, out } = await run(['lookup', '-'], { ...stage([result(1)]), stdin: `blocked ${hashOf(1)}` });
    expect([code, out.startsWith('○ unknown')]).toEqual([0, true]);
  });

  it.each([
    [['lookup'], 'Name a hash'],
    [['lookup', hashOf(1), '-'], 'not both'],
    [['lookup', '--jsonl', '-', hashOf(1)], 'Name none'],
    [['lookup', '--jsonl', '-', '--ask'], 'Leave out --ask'],
    [['lookup', hashOf(1), '--yes'], 'go with --ask'],
    [['lookup', hashOf(1), '--ask', '--sources', 'nobody'], '"nobody" is not a source'],
    [['lookup', hashOf(1), '--ask', '--max-calls', '0'], 'not a number of calls'],
  ])('%j is wrong usage', async (argv, words) => {
    const { code, err } = await run(argv, stage([result(1)]));
    expect([code, err]).toEqual([2, expect.stringContaining(words)]);
  });

  it('names what is no hash and ends with 1', async () => {
    const engine = {
      lookup: { find: async () => ({ ...found(), rejected: [{ text: 'ab12', reason: 'too short' }] }) },
    };
    const { code, err } = await run(['lookup', 'ab12'], { engine });
    expect([code, err]).toEqual([1, expect.stringContaining('ab12 is no hash: too short.')]);
  });
});

describe('assay lookup --ask', () => {
  it('says the price, asks what is due, waits for the answers and shows them', async () => {
    const staged = stage([result(1)], [malicious(1)]);
    const { code, out, err } = await run(['lookup', '--ask', '--yes', hashOf(1)], staged);
    expect([code, staged.seeks]).toEqual([0, 0]);
    expect(err).toContain('Asking costs at most: WildFire 1 request, VirusTotal 1 request of 207 left.');
    expect(staged.asked).toEqual([
      [hashOf(1), 'wildfire', false],
      [hashOf(1), 'virustotal', false],
    ]);
    expect(out).toContain('■ malicious');
  });

  it('asks only the named sources, and again when told to', async () => {
    const staged = stage([malicious(1)]);
    await run(['lookup', '--ask', '--again', '--yes', '--sources', 'wildfire', hashOf(1)], staged);
    expect(staged.asked).toEqual([[hashOf(1), 'wildfire', true]]);
  });

  it('spends no more than --max-calls and says what was left out', async () => {
    const staged = stage([result(1)], [malicious(1)]);
    const { err } = await run(['lookup', '--ask', '--max-calls', '1', hashOf(1)], staged);
    expect([staged.asked.length, err]).toEqual([1, expect.stringContaining('1 call above --max-calls left out.')]);
  });

  it('refuses to spend where nobody can agree', async () => {
    const staged = stage([result(1)]);
    const { code, err } = await run(['lookup', '--ask', '-'], { ...staged, stdin: hashOf(1) });
    expect([code, err, staged.asked]).toEqual([2, expect.stringContaining('Add --yes or --max-calls'), []]);
  });

  it.each([
    ['y\n', 2],
    ['n\n', 0],
    ['\n', 0],
    ['yesterday\n', 0],
  ])('at a terminal %j is the answer', async (typed, calls) => {
    const staged = stage([result(1)], [malicious(1)]);
    const keyboard = new PassThrough();
    const asked = run(['lookup', '--ask', hashOf(1)], { ...staged, stdinStream: keyboard });
    keyboard.write(typed);
    await asked;
    expect(staged.asked).toHaveLength(calls);
  });

  it('says the price to whoever is asked to agree, also with --quiet', async () => {
    const staged = stage([result(1)]);
    const keyboard = new PassThrough();
    const asked = run(['lookup', '--quiet', '--ask', hashOf(1)], { ...staged, stdinStream: keyboard });
    keyboard.write('n\n');
    expect((await asked).err).toContain('Asking costs at most: WildFire 1 request');
  });

  it('asks nothing where nothing is due, and says why a source cannot be asked', async () => {
    const sources = [source('wildfire', { price: null, cannotAsk: 'It is switched off.' })];
    const staged = stage([result(1, { sources })]);
    const { code, err } = await run(['lookup', '--ask', '--yes', hashOf(1)], staged);
    expect([code, staged.asked]).toEqual([0, []]);
    expect(err).toContain('WildFire is not asked. It is switched off.');
    expect(err).toContain('Nothing was asked.');
    const waits = stage([result(1, { sources: [source('virustotal', { price: null, queued: 'queued' })] })]);
    const again = await run(['lookup', '--ask', '--yes', hashOf(1)], waits);
    expect([again.code, waits.asked, again.err.includes('No source is due')]).toEqual([0, [], false]);
    expect(again.err).toContain('the question to VirusTotal waits in the queue already');
  });

  it('gives up waiting in time, and says what stays queued', async () => {
    const staged = stage([result(1)], [queuedOnes(result(1))]);
    const { code, err } = await run(['lookup', '--ask', '--yes', '--wait', '0', hashOf(1)], staged);
    expect([code, staged.seeks]).toEqual([1, 0]);
    expect(err).toContain('WildFire has not answered yet (on its way).');
    expect(err).toContain('stays queued');
  });
});

describe('assay lookup --jsonl', () => {
  const lines = (text: string): Record<string, unknown>[] =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const engine = {
    simulated: false,
    lookup: { find: async (text: string) => found(malicious(Number.parseInt(text, 16))) },
  };

  it('writes one line for every line, in order, errors among them', async () => {
    const stdin = [
      hashOf(1),
      `{"hash": "${hashOf(2).toUpperCase()}", "id": {"row": 7}}`,
      'no hash',
      '{"id": 3}',
      '{broken',
      '',
      `${hashOf(3)}\r`,
      'x'.repeat(70_000),
      hashOf(4),
    ].join('\n');
    const { code, out } = await run(['lookup', '--jsonl', '-'], { engine, stdin });
    expect(code).toBe(0);
    expect(lines(out).map(({ hash, id, error }) => [hash, id, typeof error])).toEqual([
      [hashOf(1), undefined, 'undefined'],
      [hashOf(2), { row: 7 }, 'undefined'],
      ['no hash', undefined, 'string'],
      ['', 3, 'string'],
      ['', undefined, 'string'],
      ['', undefined, 'string'],
      [hashOf(3), undefined, 'undefined'],
      ['', undefined, 'string'],
      [hashOf(4), undefined, 'undefined'],
    ]);
  });

  it('answers a line before the next one comes, whatever pieces it arrives in', async () => {
    const input = new PassThrough();
    const output: string[] = [];
    const running = run(['lookup', '--jsonl', '-'], {
      engine: {
        ...engine,
        lookup: {
          find: async (text: string) => {
            output.push(text);
            return found(malicious(1));
          },
        },
      },
      stdinStream: Object.assign(input, { isTTY: false }),
    });
    input.write(hashOf(5).slice(0, 20));
    input.write(`${hashOf(5).slice(20)}\n${hashOf(6).slice(0, 3)}`);
    await expect.poll(() => output).toEqual([hashOf(5)]);
    input.end(hashOf(6).slice(3));
    const { out } = await running;
    expect([output, lines(out).length]).toEqual([[hashOf(5), hashOf(6)], 2]);
  });
});
