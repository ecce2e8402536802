import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openInlineDatabase } from '#main/db/client.ts';
import { BACKUP_LINKS, workFolder } from '#main/services/cache/abandoned.ts';
import { createCache } from '#main/services/cache/cache.ts';
import { temporaryDirectory } from '../../db/temporary-directory.ts';

const clock = { now: () => 1_790_000_000_000 };
/** No process has this number: it is above what systems hand out. */
const GONE = '4194999-77-1790000000';

test('what killed backups and restores left is removed, what others are at work on is not', async () => {
  const directory = temporaryDirectory();
  const mine = workFolder(join(directory, BACKUP_LINKS));
  for (const path of [mine, join(directory, `.backup.${GONE}`, 'intakes', '1'), join(directory, `.restore.${GONE}`)]) {
    mkdirSync(path, { recursive: true });
  }
  const database = await openInlineDatabase(directory);
  const cache = createCache(database, { clock });
  expect(readdirSync(directory).filter((name) => /^\.(backup|restore)/.test(name))).toEqual([mine.split('/').at(-1)]);

  const target = join(directory, 'copy');
  mkdirSync(join(directory, `.copy.part.${GONE}`));
  await cache.backup(target, () => undefined, new AbortController().signal);
  expect(existsSync(target)).toBe(true);
  expect(readdirSync(directory).filter((name) => name.startsWith('.copy'))).toEqual([]);
  await database.close();
});
