import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { programFolder } from '#main/platform/resources.ts';
import { assay } from './terminal/assay.ts';

const readme = readFileSync(join(programFolder(), 'README.md'), 'utf8');

/** Commands for a shell, in blocks and in running text. */
const commands = [...readme.matchAll(/npm run -s assay -- ([^`\n]+)/g)].map(([, words = '']) => words.trim());

/** Words of a command line as a shell would split them; double quotes only, which is all the README uses. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}

describe('the commands of the README', () => {
  let data: string;
  beforeAll(() => {
    data = mkdtempSync(join(tmpdir(), 'assay-readme-'));
  });
  afterAll(() => {
    rmSync(data, { recursive: true, force: true });
  });

  it('are some', () => {
    expect(commands.length).toBeGreaterThanOrEqual(3);
    expect(commands.filter((line) => /['\\$|<>;&]/.test(line))).toEqual([]);
  });

  it.each(commands)('work as written: %s', async (line) => {
    const { code, err } = await assay(wordsOf(line), { env: { ASSAY_DATA: data } });
    expect([code, err]).toEqual([0, expect.not.stringContaining('assay: ')]);
  });

  it('go through the script of that name', () => {
    const { scripts } = JSON.parse(readFileSync(join(programFolder(), 'package.json'), 'utf8')) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    const named = [...readme.matchAll(/`npm (?:run (?:-s )?)?([\w:]+)/g)].map(([, name = '']) => name);
    expect(scripts['assay']).toBe('node src-main/shells/terminal/assay.mjs');
    expect([...new Set(named)].filter((name) => !['ci', 'run'].includes(name) && !(name in scripts))).toEqual([]);
  });
});
