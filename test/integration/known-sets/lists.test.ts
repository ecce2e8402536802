import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openInlineDatabase } from '#main/db/client.ts';
import type { Database } from '#main/db/port.ts';
import { createKnownSets } from '#main/services/known-sets/known-sets.ts';

let directory: string;
let database: Database;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'assay-lists-'));
  database = await openInlineDatabase(directory);
});
afterEach(async () => {
  await database.close();
  await rm(directory, { recursive: true, force: true });
});

const hex = (kind: 'md5' | 'sha1' | 'sha256', seed: number): string =>
  createHash(kind).update(`v${seed}`).digest('hex');
const lines = (of: (n: number) => string): string => Array.from({ length: 200 }, (_, n) => `${of(n)}\n`).join('');

describe('published lists', () => {
  it.each([
    [
      'MD5 lists with a header of remarks, as VirusShare writes them',
      `#################################################\n#                                               #\n# Malware sample MD5 list for a file            #\n#################################################\n${lines((n) => hex('md5', n))}`,
      { md5: 200, sha1: 0, sha256: 0 },
    ],
    [
      'hashdeep',
      `%%%% HASHDEEP-1.0\n%%%% size,md5,sha256,filename\n## Invoked from: /tmp\n## $ hashdeep -c md5,sha256 .\n##\n${lines((n) => `${n},${hex('md5', n)},${hex('sha256', n)},/tmp/file, ${n}`)}`,
      { md5: 200, sha1: 0, sha256: 200 },
    ],
    [
      'NSRLFile.txt',
      `"SHA-1","MD5","CRC32","FileName","FileSize","ProductCode","OpSystemCode","SpecialCode"\r\n${lines((n) => `"${hex('sha1', n).toUpperCase()}","${hex('md5', n).toUpperCase()}","0A1B2C3D","file ${n}.dll",${n},4711,"362",""\r`)}`,
      { md5: 200, sha1: 200, sha256: 0 },
    ],
  ])('%s become sets', async (_what, text, digests) => {
    const path = join(directory, 'list.txt');
    writeFileSync(path, text);
    const sets = createKnownSets(database, directory, { clock: { now: () => 1_795_305_600_000 } });
    const set = { name: 'List', edition: '', datedAt: null, mark: 'known', replace: false } as const;
    const result = await sets.import(path, set, () => undefined, new AbortController().signal);
    expect(result).toMatchObject({ records: 200, withoutHash: 0, rejected: 0, duplicates: 0, set: { digests } });
  });
});
