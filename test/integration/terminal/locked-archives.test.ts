import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { commandWorld } from './command-world.ts';

const { data, put, run } = commandWorld();
const ARCHIVE = fileURLToPath(new URL('../../fixtures/archives/zip/zipcrypto-other.zip', import.meta.url));
const PASSWORD = 'other word';

it.each(['triage', 'plan'])('%s opens an archive with a password of a file, which is kept nowhere', async (command) => {
  const passwords = put('passwords.txt', `wrong\n${PASSWORD}\n`);
  const without = await run([command, ARCHIVE]);
  expect(without.err).toContain('could not be opened');
  const opened = await run([command, ARCHIVE, '--password-file', passwords]);
  expect(opened.code).toBe(0);
  expect(opened.err).not.toContain('could not be opened');
  for (const each of readdirSync(data(), { recursive: true, withFileTypes: true }).filter((file) => file.isFile())) {
    expect(readFileSync(join(each.parentPath, each.name)).includes(PASSWORD)).toBe(false);
  }
});

it('a kept intake takes no passwords', async () => {
  const { code, err } = await run(['plan', '1', '--password-file', put('passwords.txt', PASSWORD)]);
  expect(code).toBe(2);
  expect(err).toContain('a kept intake was read already');
});
