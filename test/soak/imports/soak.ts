import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openInlineDatabase } from '#main/db/client.ts';
import { createKnownSets } from '#main/services/known-sets/known-sets.ts';
import { seededRandom } from '#main/simulators/server/draw.ts';
import { assay, bin, cleanEnvironment } from '../../integration/terminal/assay.ts';
import { contentOf, makeSources } from './made.ts';

export interface ImportSoakPlan {
  readonly folder: string;
  readonly seed: number;
  readonly rows: number;
  readonly kills: number;
  readonly say: (line: string) => void;
}

export interface ImportSoakResult {
  readonly kills: number;
  /** Imports that came to their end, and those of them that went on where one was killed. */
  readonly made: number;
  readonly resumed: number;
  readonly wrong: readonly string[];
}

/**
 * Imports sets in real processes that are killed at any time. After each kill either the old edition or the new one must
 * answer, whole; what was kept must be shown; and an import that ends must come to what one without trouble comes to.
 */
export async function importSoak(plan: ImportSoakPlan): Promise<ImportSoakResult> {
  const { folder, rows, say } = plan;
  const sources = makeSources(folder, rows);
  const random = seededRandom(plan.seed ^ 0x1a_b0);
  const wrong: string[] = [];
  let [kills, made, resumed] = [0, 0, 0];
  for (const [what, args] of [
    ['a database', [sources.database]],
    ['a delta onto a database', [sources.delta, '--kind', 'nsrl-delta', '--base', sources.database]],
  ] as const) {
    const undisturbed = await wholeOf(join(folder, `whole of ${what}`), sources.list, args);
    say(`${what}: ${(undisturbed.milliseconds / 1000).toFixed(1)} s without trouble`);
    const data = join(folder, `data of ${what}`);
    const allowed = [await importList(data, sources.list), undisturbed.content];
    for (const until = kills + Math.ceil(plan.kills / 2); kills < until;) {
      const after = 100 + random() * undisturbed.milliseconds * 1.2;
      const ended = await killedAfter(data, args, after);
      kills += ended.wasKilled ? 1 : 0;
      resumed += ended.text.includes('Resumed at') ? 1 : 0;
      const seen = await lookAt(data, allowed);
      wrong.push(...seen.wrong.map((fault) => `${what}, killed after ${after.toFixed(0)} ms: ${fault}`));
      if (seen.content === undisturbed.content) {
        made += 1;
        await importList(data, sources.list);
      }
    }
    const last = await assay(['--data', data, 'known-sets', 'import', ...args, '--name', 'NSRL', '--replace']);
    const seen = await lookAt(data, [undisturbed.content]);
    wrong.push(...seen.wrong, ...(last.code === 0 && seen.left === 0 ? [] : [`${what} did not end: ${last.err}`]));
    made += 1;
  }
  return { kills, made, resumed, wrong };
}

/** What an import without trouble comes to, and how long it takes. */
async function wholeOf(data: string, list: string, args: readonly string[]) {
  await importList(data, list);
  const began = performance.now();
  await assay(['--data', data, 'known-sets', 'import', ...args, '--name', 'NSRL', '--replace']);
  const milliseconds = performance.now() - began;
  return { milliseconds, content: (await lookAt(data, [])).content };
}

/** Puts the small edition in force. Returns what it holds. */
async function importList(data: string, list: string): Promise<string> {
  mkdirSync(data, { recursive: true });
  await assay(['--data', data, 'known-sets', 'import', list, '--name', 'NSRL', '--replace']);
  return (await lookAt(data, [])).content;
}

async function killedAfter(data: string, args: readonly string[], milliseconds: number) {
  const all = [bin, '--data', data, 'known-sets', 'import', ...args, '--name', 'NSRL', '--replace'];
  const child = spawn(process.execPath, all, { env: cleanEnvironment(), stdio: ['ignore', 'ignore', 'pipe'] });
  let text = '';
  child.stderr.on('data', (part: Buffer) => (text += part.toString('utf8')));
  const end = once(child, 'close');
  await Promise.race([end, wait(milliseconds)]);
  child.kill('SIGKILL');
  await end;
  return { wasKilled: child.signalCode === 'SIGKILL', text };
}

/** The set in force, what of it is wrong, and how many imports are left unfinished. */
async function lookAt(data: string, allowed: readonly string[]) {
  const wrong: string[] = [];
  const database = await openInlineDatabase(data);
  try {
    const service = createKnownSets(database, data, { clock: { now: () => Date.now() } });
    const sets = await service.list();
    const left = await service.leftWork();
    const [set] = sets;
    if (set === undefined || sets.length > 1 || set.state !== 'ready') {
      wrong.push(`${sets.length} sets, the first ${set?.state ?? 'missing'}`);
    }
    const content = contentOf(join(data, 'known-sets', `${set?.id ?? 0}.acol`));
    if (allowed.length > 0 && !allowed.includes(content)) {
      wrong.push('the set in force is neither the old nor the new one');
    }
    if (left.length > 1 || left.some(({ state }) => state !== 'kept')) {
      wrong.push(`unfinished imports: ${JSON.stringify(left)}`);
    }
    const strays = readdirSync(join(data, 'known-sets')).filter((name) => name.endsWith('.tmp'));
    if (strays.length > 0) {
      wrong.push(`files that nobody explains: ${strays.join()}`);
    }
    return { wrong, content, left: left.length };
  } finally {
    await database.close();
  }
}
