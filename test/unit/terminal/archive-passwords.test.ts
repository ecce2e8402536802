import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { input, intakesWith, row, run, summary, type StageOptions } from './stage.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-passwords-'));
afterAll(() => rmSync(folder, { recursive: true }));
const SECRET = 'correct horse battery';
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const locked = input({ name: 'a.zip', needsPassword: true });
const open = input({ name: 'a.zip' });

/** Intakes of which the first `lockedTimes` readings leave something locked. */
function archives(lockedTimes: number) {
  let readings = 0;
  const intakes = intakesWith([row(0)]);
  return {
    ...intakes,
    start: async (request: unknown) => {
      readings += 1;
      intakes.calls.push(['start', request]);
      return { intakeId: readings, finished: Promise.resolve(summary({ id: readings })) };
    },
    get: async (id: number) => ({ intake: summary({ id }), inputs: [id > lockedTimes ? open : locked] }),
  };
}

async function triage(lockedTimes: number, argv: readonly string[], options: StageOptions = {}) {
  const intakes = archives(lockedTimes);
  const result = await run(['triage', 'a.zip', ...argv], { ...options, engine: { intakes } });
  const given = intakes.calls.flatMap(([name, request]) =>
    name === 'start' ? [(request as { passwords?: readonly string[] }).passwords ?? []] : [],
  );
  expect(result.out + result.err).not.toContain(SECRET);
  return { ...result, given, forgotten: intakes.calls.filter(([name]) => name === 'forget').map(([, id]) => id) };
}

/** A terminal at which this is typed. */
function typing(text: string): StageOptions {
  const stdin = Object.assign(new PassThrough(), { setRawMode: () => undefined });
  stdin.write(text);
  return { stdinStream: stdin, errTerminal: true };
}

describe('passwords of archives', () => {
  it('come from a file, one in a line, and go to the reading alone', async () => {
    const { code, given } = await triage(0, ['--password-file', file('p', `\ufeff${SECRET}\r\n\nsecond one \n`)]);
    expect({ code, given }).toEqual({ code: 0, given: [[SECRET, 'second one ']] });
  });

  it('come from standard input', async () => {
    const { given } = await triage(0, ['--password-file', '-'], { stdin: `${SECRET}\n` });
    expect(given).toEqual([[SECRET]]);
  });

  it.each([
    ['no password', '\n\n'],
    ['too many', 'x\n'.repeat(9)],
    ['one too long', 'x'.repeat(201)],
    ['the wrong file', `${SECRET}\n`.repeat(5_000)],
  ])('are refused before anything is read: %s', async (_, text) => {
    const { code, err, given } = await triage(0, ['--password-file', file('bad', text)]);
    expect({ code, given }).toEqual({ code: 2, given: [] });
    expect(err).toMatch(/password/);
  });

  it('cannot share standard input with the list', async () => {
    const result = await run(['triage', '-', '--password-file', '-'], { stdin: 'x' });
    expect(result).toMatchObject({ code: 2, err: expect.stringContaining('either the list or the passwords') });
  });

  it('are asked for once at a terminal, unseen; the intake without them is forgotten', async () => {
    const { code, given, forgotten, err } = await triage(1, [], typing(`${SECRET}\r`));
    expect({ code, given, forgotten }).toEqual({ code: 0, given: [[], [SECRET]], forgotten: [1] });
    expect(err).toContain('Password of a.zip (not shown, Enter for none): ');
    expect(err).not.toContain('--password-file');
  });

  it('given up at the prompt keep what was read', async () => {
    const { code, given, forgotten, err } = await triage(1, [], typing('half\u0003'));
    expect({ code, given, forgotten }).toEqual({ code: 1, given: [[]], forgotten: [] });
    expect(err).toContain('What could be read is kept as an intake.');
  });

  it('are asked for by a name that cannot write to the terminal', async () => {
    const evil = input({ name: 'a\u001b[2J\u202e.zip', needsPassword: true });
    const intakes = { ...intakesWith([row(0)]), get: async () => ({ intake: summary(), inputs: [evil] }) };
    const { err } = await run(['triage', 'x'], { ...typing('\r'), engine: { intakes } });
    expect(err).toContain('Password of a\\x1b[2J\\u202e.zip');
    expect(err).not.toContain('\u202e');
  });

  it('that do not fit leave the archive named, and are not asked for again', async () => {
    const { given, err } = await triage(2, [], typing(`${SECRET}\r`));
    expect(given).toEqual([[], [SECRET]]);
    expect(err).toContain('a.zip: something is encrypted and no password given opens it.');
  });

  it('are not asked for without a terminal, for an empty answer, or when some were given', async () => {
    for (const [argv, options] of [
      [[], { stdin: '' }],
      [[], typing('\r')],
      [['--password-file', file('wrong', 'wrong\n')], typing('')],
    ] as const) {
      const { given, forgotten, err } = await triage(1, argv, options);
      expect([given.length, forgotten]).toEqual([1, []]);
      expect(err).toContain('--password-file FILE names passwords');
    }
  });
});
