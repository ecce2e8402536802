import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

let root: string;
let sets: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'assay-work-'));
  sets = join(root, 'known-sets');
  mkdirSync(sets);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const TURNS = 100;

/**
 * Takes the same work again and again, as long as another process does so, and looks whether anybody else touches what it
 * works in; leaves it, removes it or dies without a word (by another mark) in turn. Others discard what lies there.
 */
const WORKER = `
const { WorkFolder } = await import(process.argv[1] + '/work-folder.ts');
const { discardWork, leftWork } = await import(process.argv[1] + '/left-work.ts');
const { readFileSync, writeFileSync } = await import('node:fs');
const [, , sets, does] = process.argv;
let faults = [];
let named = 0;
for (let turn = 0; turn < ${TURNS}; turn += 1) {
  try {
    if (does === 'discard') {
      for (const { id } of leftWork(sets)) {
        try { discardWork(sets, id); named += 1; } catch (error) {
          if (error.code !== 'NOT_FOUND' && error.code !== 'CONFLICT') throw error;
        }
      }
      if (turn % 10 === 0) WorkFolder.removeStale(sets, Date.now() + 8 * 86_400_000);
      continue;
    }
    const folder = WorkFolder.take(sets, 'one', { name: 'rds.db', bytes: 100 });
    const own = process.pid + ':' + turn;
    writeFileSync(folder.path + '/keys', own);
    folder.save({ own }, 1);
    for (let look = 0; look < 3; look += 1) {
      if (readFileSync(folder.path + '/keys', 'utf8') !== own || folder.state()?.own !== own) throw new Error('not alone');
    }
    if (!folder.path.endsWith('-0000')) named += 1;
    if (turn % 3 === 0) folder.remove();
    else if (turn % 3 === 1) folder.leave();
    else writeFileSync(folder.path + '/owner', '999999999:1');
  } catch (error) {
    faults.push(String(error.code ?? '') + ' ' + error.message);
  }
}
process.stdout.write(JSON.stringify({ faults: faults.slice(0, 3), named }));
`;

async function worker(does: string): Promise<{ readonly faults: readonly string[]; readonly named: number }> {
  const sources = join(process.cwd(), 'src-main/services/known-sets');
  const args = ['--input-type=module', '-e', WORKER, sources, sets, does];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (part: Buffer) => (text += part.toString()));
  await once(child, 'close');
  return JSON.parse(text) as { readonly faults: readonly string[]; readonly named: number };
}

it('is one process’s alone, whatever others take, leave and discard meanwhile', async () => {
  const ends = await Promise.all(['take', 'take', 'discard'].map(worker));
  expect(ends.map(({ faults }) => faults)).toEqual([[], [], []]);
  expect(readdirSync(sets).filter((name) => name.startsWith('gone-'))).toEqual([]);
});
