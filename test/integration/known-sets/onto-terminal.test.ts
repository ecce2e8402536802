import { join } from 'node:path';
import { expect, it } from 'vitest';
import { digestOf, fileRow, makeRds } from '../../db/rds-database.ts';
import { commandWorld } from '../terminal/command-world.ts';

const { put, run } = commandWorld();
const kind = ['--kind', 'nsrl-delta', '--name', 'NSRL'];

it('applies a delta that removes files to the database named by --base', async () => {
  const delta = put(
    'delta.sql',
    `DELETE FROM FILE WHERE sha1='${digestOf('sha1', 1).toUpperCase()}';INSERT INTO VERSION VALUES('2026.12.1','','','2026-12-15','');`,
  );
  const base = makeRds(join(delta, '..', 'base.db'), [fileRow(1, 501), fileRow(2, 501)]);
  expect(await run(['known-sets', 'import', base, '--name', 'NSRL', '--mark', 'known-good'])).toMatchObject({
    code: 0,
  });
  const alone = await run(['known-sets', 'import', delta, ...kind]);
  expect(alone.err).toContain('Name the database of the edition before');
  const applied = await run(['known-sets', 'import', delta, ...kind, '--base', base]);
  expect(applied).toMatchObject({ code: 0 });
  expect(applied.err).toContain('NSRL: 1 record and 2 further digests = 3 digests');
  const { out } = await run(['known-sets', 'list', '--format', 'json']);
  expect(JSON.parse(out)).toMatchObject([{ name: 'NSRL', edition: '2026.12.1', mark: 'known-good', sha1: 1 }]);
  const wrong = await run(['known-sets', 'import', base, '--name', 'Other', '--base', base]);
  expect(wrong.err).toContain('--base names the database of a delta');
});
