import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { REPORT_FORMATS } from '#shared/domain/report.ts';
import { hex, linesOf, never, startWorld, type ReportWorld } from './report-world.ts';

let world: ReportWorld;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.dispose());

/** Makes a known set unreadable where it is opened. */
function damage(path: string): void {
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(64, 1), 0, 64, 0);
  closeSync(file);
}

it('names files that could not be read, and no folder of this machine, in any form', async () => {
  await world.knownSet('golden', [hex('sha256', 'in the set')]);
  damage(join(world.engine.directory, 'known-sets', '1.acol'));
  writeFileSync(world.path('list.txt'), `${hex('sha256', 'a')}\n`);
  const paths = [world.path('list.txt'), world.path('gone.csv'), world.path('other gone.csv')];
  const { finished } = await world.engine.intakes.start(
    { door: 'terminal', inputs: paths.map((path) => ({ kind: 'path', path }) as const), reading: { as: 'list' } },
    () => undefined,
    never,
  );
  const intake = await finished;
  const { path } = await world.write(intake.id, 'jsonl');
  const { head, notRead } = linesOf(path);
  expect(head.problems).toEqual([expect.stringMatching(/^The known set golden was left out: .*1\.acol is damaged/)]);
  expect(JSON.stringify(head)).toContain('"fault":"gone.csv could not be read: it does not exist.');
  expect(notRead).toMatchObject([{ file: 'gone.csv' }, { file: 'other gone.csv' }]);
  for (const format of REPORT_FORMATS.filter((one) => one !== 'pdf' && one !== 'xlsx')) {
    const written = await world.write(intake.id, format);
    const text = [written.path, written.manifestPath ?? written.path].map((one) => readFileSync(one, 'utf8')).join('');
    expect([format, text.includes(world.path('').slice(0, -1))]).toEqual([format, false]);
    expect([format, text.includes('gone.csv')]).toEqual([format, true]);
  }
});
