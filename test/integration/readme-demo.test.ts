import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SOURCE_IDS } from '#shared/domain/source.ts';
import { programFolder } from '#main/platform/resources.ts';
import { openDemo } from '#main/shells/launch/demo/open-demo.ts';
import { commands, DEMO, isOfDemo, readme, runAsWritten, WORKED } from './readme-commands.ts';
import { assay } from './terminal/assay.ts';

const ofDemo = commands.filter(isOfDemo);

describe('the commands of the README for the demonstration', () => {
  let folder: string;
  let demo: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'assay-readme-'));
    demo = join(folder, 'demo');
    // As `npm start -- --demo` leaves it; commands that ask start the simulators again by themselves.
    await (await openDemo(demo, programFolder())).leave();
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('are some, on the folder that is started before', () => {
    expect(ofDemo.length).toBeGreaterThanOrEqual(3);
    expect(readme).toContain(`npm start -- --demo --data ${DEMO}\n`);
  });

  it.each(ofDemo)('work as written: %s', async (line) => {
    expect(await runAsWritten(line, demo)).toEqual(WORKED);
  });

  it('have sources answer', async () => {
    const { out } = await assay(['--data', demo, 'queue', 'log', '--json', '--limit', '100']);
    const requests = out
      .trim()
      .split('\n')
      .map(
        (line) =>
          JSON.parse(line) as {
            readonly source: string;
            readonly purpose: string;
            readonly hashes: number;
            readonly billed: number;
          },
      );
    expect(new Set(requests.map(({ source, purpose }) => `${source} ${purpose}`))).toEqual(
      new Set(SOURCE_IDS.flatMap((source) => [`${source} new`, `${source} person`])),
    );
    const byHash = 'reversinglabs-titaniumcloud';
    expect(requests.filter(({ source, hashes, billed }) => billed !== (source === byHash ? hashes : 1))).toEqual([]);
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
