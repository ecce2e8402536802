import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine } from '#main/engine.ts';
import { run as runWith, type Ran } from '#test/unit/terminal/stage.ts';

let folder = '';
const file = (name: string): string => join(folder, name);
const put = (name: string, text: string): string => {
  writeFileSync(file(name), text);
  return file(name);
};
/** The real command on a real engine, in this process. */
const run = (args: readonly string[], stdin: string | null = null): Promise<Ran> =>
  runWith(args, {
    stdin,
    openEngine: () => createEngine({ directory: file('data'), threads: 'inline', shell: 'terminal' }),
  });
const digest = (kind: string, text: string): string => createHash(kind).update(text).digest('hex');
const sha256 = (text: string): string => digest('sha256', text);

/** Rows with one digest, with several, beside a digest that is none of theirs, twice, and without any. */
const LIST = [
  'name,md5,sha256,comment',
  `a.exe,${digest('md5', 'a')},${sha256('a')},plain`,
  `b.exe,${digest('md5', 'b')},,"dropped by ${sha256('parent')}, said ""x"""`,
  `c.exe,,${sha256('c')},=1+1`,
  `a.exe,${digest('md5', 'a')},${sha256('a')},again`,
  'd.exe,,,nothing',
].join('\n');
const HASHES = [sha256('a'), digest('md5', 'b'), sha256('c')].toSorted();

interface Intake {
  readonly accounting: Readonly<Record<string, unknown>>;
  readonly rows: readonly { readonly hash: string; readonly digests: Readonly<Record<string, string>> }[];
}

async function triaged(path: string): Promise<Intake> {
  const { code, out, err } = await run(['triage', path, '--format', 'json']);
  expect([path, code, err.includes('Another')]).toEqual([path, 0, false]);
  return JSON.parse(out) as Intake;
}

const hashesOf = ({ rows }: Intake): string[] => rows.map(({ hash }) => hash).toSorted();
const digestsOf = ({ rows }: Intake): string[] => rows.flatMap((row) => Object.values(row.digests)).toSorted();

describe('what the terminal wrote, read again, is its rows and nothing else:', () => {
  let first: Intake;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'assay-exports-'));
    await run(['note', sha256('a'), '--text', `see ${sha256('note')}`, '--tag', 'case-7']);
    await run(['hash-list', 'add', '--malicious', '--note', 'seen before', sha256('c')]);
    first = await triaged(put('list.csv', LIST));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(['csv', 'jsonl', 'json'])('triage as %s', async (format) => {
    const out = file(`triage.${format}`);
    expect((await run(['triage', file('list.csv'), '--format', format, '--out', out])).code).toBe(0);
    const again = await triaged(out);
    expect([hashesOf(again), digestsOf(again)]).toEqual([HASHES, digestsOf(first)]);
    expect(again.accounting).toMatchObject({ records: 3, hashes: 3, duplicates: 0, balanced: true });
  });

  it.each(['csv', 'jsonl', 'json'])('an intake shown as %s', async (format) => {
    const shown = await run(['intakes', 'show', '1', '--format', format]);
    const again = await triaged(put(`shown.${format}`, shown.out));
    expect([hashesOf(again), digestsOf(again)]).toEqual([HASHES, digestsOf(first)]);
    expect(again.accounting).toMatchObject({ records: 3, hashes: 3, duplicates: 0, balanced: true });
  });

  it('triage as JSON of many inputs, and of none that has a row', async () => {
    const inputs = ['a', 'c', 'e'].map((name) => put(`${name}.txt`, `${sha256(name)}\n`));
    const out = await run(['triage', '--format', 'json', ...inputs]);
    const again = await triaged(put('many.json', out.out));
    expect(hashesOf(again)).toEqual(['a', 'c', 'e'].map(sha256).toSorted());
    expect(again.accounting).toMatchObject({ records: 3, balanced: true });
    const none = await run(['triage', '--format', 'json', '--only', 'suspicious', ...inputs]);
    expect(hashesOf(await triaged(put('none.json', none.out)))).toEqual([]);
  });

  it.each(['csv', 'jsonl', 'xlsx', 'html', 'stix.json', 'misp.json'])('a report as %s', async (ending) => {
    const out = file(`report.${ending}`);
    expect((await run(['report', '1', '--title', sha256('title'), '--out', out])).code).toBe(0);
    const again = await triaged(out);
    expect(digestsOf(again)).toEqual(digestsOf(first));
    // What only the list said to be of one file is two objects for those who exchange them.
    const isExchanged = ending.endsWith('.json');
    expect(hashesOf(again)).toEqual(isExchanged ? digestsOf(first) : HASHES);
    expect(again.accounting['balanced']).toBe(true);
  });

  it('a look-up as JSON and as JSON Lines', async () => {
    // Of hashes without a note: digests that somebody wrote into one are texts of that look-up like any other.
    const asked = HASHES.filter((hash) => hash !== sha256('a'));
    const json = await run(['lookup', '--json', ...asked]);
    expect(hashesOf(await triaged(put('lookup.json', json.out)))).toEqual(asked);
    const lines = await run(['lookup', '--jsonl', '-'], `${asked.join('\n')}\n`);
    expect(hashesOf(await triaged(put('lookup.jsonl', lines.out)))).toEqual(asked);
  });

  it('the hash list', async () => {
    const { out } = await run(['hash-list', 'export']);
    expect(hashesOf(await triaged(put('team.csv', out)))).toEqual([sha256('c')]);
  });
});
