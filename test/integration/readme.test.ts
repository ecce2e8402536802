import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { programFolder } from '#main/platform/resources.ts';
import { commands, isOfDemo, readme, runAsWritten, WORKED } from './readme-commands.ts';

const ofAnyDirectory = commands.filter((line) => !isOfDemo(line));

describe('the commands of the README', () => {
  let data: string;
  beforeAll(() => {
    data = mkdtempSync(join(tmpdir(), 'assay-readme-'));
  });
  afterAll(() => {
    rmSync(data, { recursive: true, force: true, maxRetries: 5 });
  });

  it('are some', () => {
    expect(ofAnyDirectory.length).toBeGreaterThanOrEqual(8);
    expect(commands.filter((line) => /['\\$|<>;&]/.test(line))).toEqual([]);
  });

  it.each(ofAnyDirectory)('work as written: %s', async (line) => {
    expect(await runAsWritten(line, data)).toEqual(WORKED);
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
