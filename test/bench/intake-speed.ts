// Measures intakes alone, by hand: `node test/bench/intake-speed.ts [1000000] [items]`. Each part runs in a process of
// its own, so that peak memory is that part's. With `items` the list is judged against as many cached items.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GridQuery } from '#shared/contract/intake.ts';
import { openInlineDatabase } from '#main/db/client.ts';
import { systemClock } from '#main/platform/clock.ts';
import { createIntakes } from '#main/services/intake/create-intakes.ts';
import { writeLines } from './data.ts';

const [part = '1000000', ...rest] = process.argv.slice(2);
const signal = new AbortController().signal;
const UNSTATED = { title: '', examiner: '', caseName: '', note: '' };

if (/^\d+$/.test(part)) {
  runAll(Number(part), rest.includes('items'));
} else {
  await runPart(part, rest[0] ?? '', rest[1] ?? '');
}

function runAll(count: number, hasItems: boolean): void {
  const folder = mkdtempSync(join(tmpdir(), 'assay-intake-speed-'));
  const list = join(folder, 'list.txt');
  const csv = join(folder, 'list.csv');
  try {
    console.log(`${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}, Node ${process.version}, ${count} lines`);
    const digest = (n: number): string =>
      createHash('sha256')
        .update(`${n % Math.ceil(count * 0.95)}`)
        .digest('hex');
    writeLines(list, count, digest);
    writeLines(csv, count, (n) =>
      n === 0 ? 'name,sha256,host' : `C:\\tools\\file-${n}.exe,${digest(n)},host-${n % 50}`,
    );
    const data = join(folder, 'data');
    if (hasItems) {
      run('items', data, list);
    }
    run('read', data, list);
    run('read', data, csv);
    run('view', data, list);
    run('window', data, list);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(name: string, data: string, list: string): void {
  const program = fileURLToPath(import.meta.url);
  const result = spawnSync(process.execPath, [program, name, data, list], { encoding: 'utf8' });
  process.stdout.write(result.stdout + result.stderr);
}

async function runPart(name: string, data: string, list: string): Promise<void> {
  const base = Math.round(process.memoryUsage.rss() / 2 ** 20);
  const say = (text: string): void =>
    console.log(
      `${name.padEnd(7)} ${text}, peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MB (start ${base})`,
    );
  const database = await openInlineDatabase(data);
  const threads = name === 'window' ? 'workers' : 'inline';
  const intakes = await createIntakes(database, { threads, clock: systemClock, readBy: 'bench' });
  const timed = async <T>(work: () => Promise<T>): Promise<[number, T]> => {
    const start = performance.now();
    const value = await work();
    return [Math.round(performance.now() - start), value];
  };
  const read = async (path: string): Promise<void> => {
    const start = performance.now();
    const phases: string[] = [];
    let phase = '';
    let isCounted = false;
    const late = delays();
    const { finished } = await intakes.start(
      { door: 'terminal', inputs: [{ kind: 'path', path }], reading: { as: 'list' } },
      (progress) => {
        const at = Math.round(performance.now() - start);
        if (!isCounted && progress.counts !== null) {
          isCounted = true;
          phases.push(`first counts of ${progress.judged} ${at}`);
        }
        if (progress.phase !== phase) {
          phase = progress.phase;
          phases.push(`${phase} ${at}`);
        }
      },
      signal,
    );
    const summary = await finished;
    phases.push(`done ${Math.round(performance.now() - start)}`);
    const { hashes, balanced } = summary.accounting;
    say(`${path.slice(-8)}: ${phases.join(', ')} ms, ${hashes} hashes, balanced ${balanced}, loop p99 ${late()} ms`);
  };
  if (name === 'items') {
    const { createReadStream } = await import('node:fs');
    const { createInterface } = await import('node:readline');
    const items: unknown[] = [];
    const flush = async (): Promise<void> => {
      await database.write('importItems', { at: 1_790_000_000, items: items.splice(0) as never }, 'bulk');
    };
    for await (const line of createInterface({ input: createReadStream(list) })) {
      items.push({
        digests: { sha256: line },
        source: 5,
        status: 2,
        noAnswer: null,
        score: null,
        threat: null,
        rawCode: null,
        firstSeen: null,
        scannedAt: 1_789_000_000,
      });
      if (items.length === 50_000) {
        await flush();
      }
    }
    await flush();
    say('imported');
  } else if (name === 'view') {
    const all: GridQuery = { statuses: [], flags: [], text: '', sort: 'position', descending: false, asOf: 0 };
    const page = { offset: 500_000, limit: 200 };
    const queries: [string, GridQuery][] = [
      ['open', all],
      ...(['verdict', 'hash', 'source', 'age', 'kind'] as const).map((sort): [string, GridQuery] => [
        sort,
        { ...all, sort, descending: true },
      ]),
      ['status', { ...all, statuses: ['non-malicious'] }],
      ['hex text', { ...all, text: 'abcd' }],
      ['name text', { ...all, text: 'FILE-77' }],
      ['miss', { ...all, text: 'not there' }],
      ['jump', all],
    ];
    for (const id of [1, 2]) {
      const times: string[] = [];
      for (const [label, query] of queries) {
        const [ms, result] = await timed(() => intakes.rows(id, query, page));
        times.push(`${label} ${ms} (${result.total})`);
      }
      say(`intake ${id}: ${times.join(', ')} ms`);
    }
    const path = join(data, 'report');
    for (const format of ['csv', 'jsonl'] as const) {
      const [ms] = await timed(() =>
        intakes.report(
          { intakeId: 1, selection: { kind: 'query', query: all }, format, statement: UNSTATED, madeBy: 'Assay' },
          path,
          () => undefined,
          signal,
        ),
      );
      say(`report ${format}: ${ms} ms, ${Math.round(statSync(path).size / 2 ** 20)} MB`);
    }
  } else if (existsSync(list)) {
    if (threads === 'workers') {
      await new Promise((resolve) => setTimeout(resolve, 1_500));
    }
    await read(list);
  }
  await intakes.dispose();
  await database.close();
}

/** Watches how late timers come; returns the 99th percentile in milliseconds. */
function delays(): () => number {
  const late: number[] = [];
  let due = performance.now() + 5;
  const timer = setInterval(() => {
    late.push(Math.max(0, performance.now() - due));
    due = performance.now() + 5;
  }, 5);
  return () => {
    clearInterval(timer);
    late.sort((a, b) => a - b);
    return Math.round(late[Math.floor(late.length * 0.99)] ?? 0);
  };
}
