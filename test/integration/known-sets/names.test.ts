import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openInlineDatabase } from '#main/db/client.ts';
import { openWritable } from '#main/db/open.ts';
import type { Database } from '#main/db/port.ts';
import { PackedReader } from '#main/intakes/packed-reader.ts';
import { createKnownSets } from '#main/services/known-sets/known-sets.ts';
import type { KnownSetImport, KnownSetsService } from '#main/services/known-sets/port.ts';

const child = fileURLToPath(new URL('./race-child.ts', import.meta.url));
let directory: string;
let database: Database;
let sets: KnownSetsService;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'assay-names-'));
  database = await openInlineDatabase(directory);
  sets = createKnownSets(database, directory, { clock: { now: () => 1_795_305_600_000 } });
});
afterEach(async () => {
  await database.close();
  await rm(directory, { recursive: true, force: true });
});

/** A list of `count` digests that no other seed has. */
function list(seed: string, count = 3): string {
  const path = join(directory, `${seed}.txt`);
  const digests = Array.from({ length: count }, (_, n) => createHash('sha256').update(`${seed} ${n}`).digest('hex'));
  writeFileSync(path, `${digests.join('\n')}\n`);
  return path;
}

const plain = { edition: '', datedAt: null, mark: 'known', replace: false } as const;
const run = (path: string, set: Partial<KnownSetImport> & { readonly name: string }) =>
  sets.import(path, { ...plain, ...set }, () => undefined, new AbortController().signal);
const names = async (): Promise<string[]> => (await sets.list()).map(({ name }) => name);

describe('a name that means a set which is there', () => {
  it.each([
    ['in another case', 'nsrl ÄPFEL'],
    ['composed in another way', 'NSRL A\u0308pfel'],
    ['with blanks around it', '  NSRL Äpfel\t'],
    ['with other blanks in it', 'NSRL \u00a0Äpfel'],
  ])('is taken, and replaces that set under its own name: %s', async (_how, name) => {
    await run(list('one'), { name: 'NSRL Äpfel' });
    await expect(run(list('two'), { name })).rejects.toThrow('A known set named NSRL Äpfel exists already');
    const { set } = await run(list('three', 5), { name, replace: true });
    expect(set).toMatchObject({ id: 2, name: 'NSRL Äpfel', digests: { sha256: 5 } });
    expect(await sets.list()).toEqual([set]);
    expect(readdirSync(join(directory, 'known-sets'))).toEqual(['2.acol']);
  });

  it('leaves sets apart that were made when names were told apart', async () => {
    await run(list('one'), { name: 'NSRL' });
    await run(list('two'), { name: 'other' });
    const raw = openWritable(join(directory, 'assay.db'));
    raw.exec("UPDATE known_sets SET name = 'nsrl' WHERE id = 2");
    raw.close();
    expect(await names()).toEqual(['NSRL', 'nsrl']);
    const { set } = await run(list('three', 5), { name: 'nsrl', replace: true });
    expect((await sets.list()).map(({ id, name }) => [id, name])).toEqual([
      [1, 'NSRL'],
      [set.id, 'nsrl'],
    ]);
  });

  it('is another one where a letter differs', async () => {
    for (const name of ['NSRL', 'NSRL 2', 'NŚRL', 'NSRL-2']) {
      await run(list('one'), { name });
    }
    expect(await names()).toHaveLength(4);
  });
});

describe('two processes that import the same name at once', () => {
  async function race(wanted: readonly [string, string], replace: 'replace' | '') {
    const children = wanted.map((name, place) =>
      spawn(process.execPath, [child, directory, list(`race ${place}`, 20_000 + place), name, replace], {
        stdio: ['pipe', 'pipe', 'inherit'],
      }),
    );
    const ends = children.map((process) => once(process, 'exit'));
    await Promise.all(children.map((process) => once(process.stdout, 'data')));
    const answers = children.map((process) => once(process.stdout, 'data'));
    for (const process of children) {
      process.stdin.write('go\n');
    }
    const outcomes = (await Promise.all(answers)).map(([text]) => JSON.parse(String(text)) as Record<string, unknown>);
    await Promise.all(ends);
    return outcomes;
  }

  /** How many digests the only set holds, which is whole. */
  async function only(): Promise<{ readonly id: number; readonly digests: number }> {
    const [set, ...others] = await sets.list();
    expect(others).toEqual([]);
    const file = `${set?.id ?? 0}.acol`;
    expect(readdirSync(join(directory, 'known-sets'))).toEqual([file]);
    const reader = new PackedReader(join(directory, 'known-sets', file), 'known-set');
    try {
      reader.verify();
      expect(reader.bytesIn('sha256') / 32).toBe(set?.digests.sha256);
    } finally {
      reader.close();
    }
    return { id: set?.id ?? 0, digests: set?.digests.sha256 ?? 0 };
  }

  it('make one set, and the one that comes second is told so', async () => {
    const outcomes = await race(['NSRL', 'nsrl'], '');
    const won = outcomes.findIndex(({ id }) => id !== undefined);
    expect(outcomes[1 - won]?.['message']).toMatch(/^A known set named (?:NSRL|nsrl) .*exists already/);
    expect(await only()).toEqual({ id: outcomes[won]?.['id'], digests: 20_000 + won });
  });

  it('replace one another where they were asked to, and the last one stands whole', async () => {
    await run(list('before'), { name: 'NSRL' });
    const outcomes = await race(['NSRL', 'NSRL '], 'replace');
    // The one that ended first may find its set replaced before it has told of it.
    const meanwhile = 'The set NSRL was removed or replaced by another process meanwhile.';
    const told = outcomes.map(({ name, message }) => message ?? name);
    expect(told).toContain('NSRL');
    expect(told.filter((one) => one !== 'NSRL' && one !== meanwhile)).toEqual([]);
    const { id, digests } = await only();
    expect(digests).toBe(20_000 + outcomes.findIndex((outcome) => outcome['id'] === id));
  });
});
