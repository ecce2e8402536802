import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEngine } from '#main/engine.ts';
import { run, type Ran, type StageOptions } from '#test/unit/terminal/stage.ts';

let folder = '';
let large = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-verify-'));
  large = join(folder, 'large.jsonl');
  // Nothing but its end lies on the disk.
  writeFileSync(large, '');
  truncateSync(large, 32 * 1024 ** 2);
  appendFileSync(large, `{"seal":"assay-seal:${'0'.repeat(64)}"}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const verify = (options: Partial<StageOptions>): Promise<Ran> =>
  run(['report', 'verify', large], {
    openEngine: () => createEngine({ directory: join(folder, 'data'), threads: 'inline', shell: 'terminal' }),
    ...options,
  });

it('shows on a terminal how much of a report is read, and nothing of it in a pipe', async () => {
  let at = 1_795_320_000_000;
  const shown = await verify({ errTerminal: true, now: () => (at += 200) });
  expect([shown.code, shown.out]).toEqual([5, expect.stringContaining('large.jsonl: changed.')]);
  expect(shown.err).toMatch(/reading {2}█{10}░{10} +49 % {2}16\.8 MB of 33\.6 MB {2}large\.jsonl/);
  expect(await verify({})).toMatchObject({ code: 5, err: '' });
});

it('ends at Ctrl-C, and says nothing of a report it did not compare', async () => {
  let stop: (signal: 'SIGINT') => void = () => undefined;
  let looked = 0;
  const ran = await verify({
    errTerminal: true,
    onHost: (given) => (stop = given),
    // The clock is looked at whenever progress is shown: with the tenth time the file is being read.
    now: () => {
      looked += 1;
      if (looked === 10) {
        stop('SIGINT');
      }
      return 1_795_320_000_000 + looked * 200;
    },
  });
  expect([ran.code, ran.out]).toEqual([130, '']);
});
