import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { programFolder } from '#main/platform/resources.ts';
import { openDemo } from '#main/shells/launch/demo/open-demo.ts';
import { assay } from './terminal/assay.ts';

const readme = readFileSync(join(programFolder(), 'README.md'), 'utf8');

/** Commands for a shell, in blocks and in running text. */
const commands = [...readme.matchAll(/npm run -s assay -- ([^`\n]+)/g)].map(([, words = '']) => words.trim());

/** The folder the README gives the demonstration; its commands are run on a stamped directory of the test's own. */
const DEMO = '/tmp/assay-demo';

/** Words of a command line as a shell would split them; double quotes only, which is all the README uses. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}

describe('the commands of the README', () => {
  let folder: string;
  let data: string;
  let demo: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'assay-readme-'));
    data = join(folder, 'data');
    demo = join(folder, 'demo');
    // As `npm start -- --demo` leaves it; commands that ask start the simulators again by themselves.
    await (await openDemo(demo, programFolder())).leave();
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('are some', () => {
    expect(commands.length).toBeGreaterThanOrEqual(10);
    expect(commands.filter((line) => line.startsWith(`--data ${DEMO} `)).length).toBeGreaterThanOrEqual(3);
    expect(readme).toContain(`npm start -- --demo --data ${DEMO}\n`);
    expect(commands.filter((line) => /['\\$|<>;&]/.test(line))).toEqual([]);
  });

  it.each(commands)('work as written: %s', async (line) => {
    const words = wordsOf(line).map((word) => (word === DEMO ? demo : word));
    const { code, err } = await assay(words, { env: { ASSAY_DATA: data } });
    const complaints = err.split('\n').filter((said) => said.startsWith('assay: ') && !said.endsWith('are made up.'));
    expect({ code, complaints }).toEqual({ code: 0, complaints: [] });
  });

  it('have sources answer in the demonstration', async () => {
    const { out } = await assay(['--data', demo, 'queue', 'log', '--json', '--limit', '100']);
    const requests = out
      .trim()
      .split('\n')
      .map(
        (line) => JSON.parse(line) as { readonly source: string; readonly purpose: string; readonly billed: number },
      );
    expect(new Set(requests.map(({ source, purpose }) => `${source} ${purpose}`))).toEqual(
      new Set(['virustotal new', 'wildfire new', 'virustotal person', 'wildfire person']),
    );
    expect(requests.every(({ billed }) => billed === 1)).toBe(true);
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

describe('the look-ups for other programs', () => {
  const [, exchange = ''] = /### Look-ups for other programs[\s\S]*?```text\n([\s\S]*?)```/.exec(readme) ?? [];
  const lines = exchange.trim().split('\n');
  const asked = lines.filter((line) => line.startsWith('> ')).map((line) => line.slice(2));
  const answers = lines.filter((line) => line.startsWith('< ')).map((line) => line.slice(2));
  let data: string;
  let given: string[];
  beforeAll(async () => {
    data = mkdtempSync(join(tmpdir(), 'assay-readme-'));
    const env = { ASSAY_DATA: data };
    await assay(['hash-list', 'add', '44d88612fea8a8f36de82e1278abb02f', '--malicious'], { env });
    const { out } = await assay(['lookup', '--jsonl', '-'], { env, stdin: `${asked.join('\n')}\n` });
    given = out.trim().split('\n');
  });
  afterAll(() => {
    rmSync(data, { recursive: true, force: true, maxRetries: 5 });
  });

  it('are answered as shown', () => {
    expect(answers).toHaveLength(3);
    expect(given).toHaveLength(3);
    for (const [index, answer] of answers.entries()) {
      const shown = answer.replace(/ …\}$/, '');
      expect(given[index]?.slice(0, shown.length)).toBe(shown);
    }
  });

  it('have the fields that are named', () => {
    const [, table = ''] = /<!-- lookup-fields -->([\s\S]*?)<!-- \/lookup-fields -->/.exec(readme) ?? [];
    const named = [...table.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
    expect(named).toEqual(Object.keys(JSON.parse(given[0] ?? '{}') as object));
  });
});
