import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openInlineDatabase } from '#main/db/client.ts';
import { createKnownSets } from '#main/services/known-sets/known-sets.ts';

const child = fileURLToPath(new URL('./import-child.ts', import.meta.url));
const clock = { now: () => 1_795_305_600_000 };
const plain = { name: 'Gold image', edition: '1', datedAt: null, mark: 'known-good', replace: false } as const;

describe('an import whose process is killed', () => {
  it.each([
    ['while it reads', 'reading', /^2\.acol\.[\da-f-]+\.tmp$/],
    ['between file and row', 'renamed', /^2\.acol$/],
  ])('%s leaves the edition in force and, after the next start, nothing else', async (_when, moment, leftover) => {
    const directory = await mkdtemp(join(tmpdir(), 'assay-killed-'));
    const list = join(directory, 'list.txt');
    const digests = Array.from({ length: 100 }, (_, n) => createHash('sha256').update(`k${n}`).digest('hex'));
    writeFileSync(list, `${digests.join('\n')}\n`);
    const database = await openInlineDatabase(directory);
    try {
      const before = createKnownSets(database, directory, { clock });
      const { set } = await before.import(list, plain, () => undefined, new AbortController().signal);
      const killed = spawn(process.execPath, [child, directory, list, moment], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(killed.stdout, 'data');
      expect((await before.list()).map(({ id, state }) => [id, state])).toEqual([
        [1, 'ready'],
        [2, 'importing'],
      ]);
      killed.kill('SIGKILL');
      await once(killed, 'exit');
      const files = readdirSync(join(directory, 'known-sets')).sort();
      expect(files[0]).toBe('1.acol');
      expect(files[1]).toMatch(leftover);
      const after = createKnownSets(database, directory, { clock });
      expect(await after.list()).toEqual([set]);
      expect(readdirSync(join(directory, 'known-sets'))).toEqual(['1.acol']);
    } finally {
      await database.close();
      await rm(directory, { recursive: true, force: true });
    }
  });
});
