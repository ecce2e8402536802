/**
 * What a report of a large intake costs: `node test/bench/report-speed.ts FOLDER [rows] [format,…]`. Makes, in the folder, a
 * data directory with an intake of that many hashes, of which one in ten is answered (BENCH_ANSWERED names another share, in
 * percent) and about one in ten is in a known set of as many; then writes each form in a process of its own and prints its
 * time, CPU time and peak memory. What was made is kept and used again.
 */
import { spawnSync } from 'node:child_process';
import { createReadStream, existsSync, mkdirSync, statSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReportFormat } from '#shared/domain/report.ts';
import { createEngine } from '#main/engine.ts';
import { digestOf, writeItems, writeLines } from './data.ts';

const [folder, rows = '1000000', formats = 'csv,jsonl', part] = process.argv.slice(2);
if (folder === undefined) {
  throw new Error('name a folder that may be filled');
}
const directory = join(folder, 'data');
const count = Number(rows);
/** Percent of the rows that a source answered. */
const ANSWERED = Number(process.env['BENCH_ANSWERED'] ?? 10);
const never = new AbortController().signal;

if (part === undefined) {
  mkdirSync(folder, { recursive: true });
  if (!existsSync(directory)) {
    await make(folder);
  }
  console.log(`${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}, Node ${process.version}, ${count} rows`);
  for (const format of formats.split(',')) {
    const program = fileURLToPath(import.meta.url);
    const ran = spawnSync(process.execPath, [program, folder, rows, format, 'write'], { encoding: 'utf8' });
    process.stdout.write(ran.stdout + ran.stderr);
  }
} else {
  await write(folder, formats as ReportFormat);
}

async function make(into: string): Promise<void> {
  const engine = await createEngine({ directory, threads: 'inline', shell: 'terminal' });
  const items = join(into, 'items.jsonl');
  writeItems(items, (count * ANSWERED) / 100);
  await engine.cache.importItems(createReadStream(items), () => undefined, never);
  const set = join(into, 'set.txt');
  writeLines(set, count, (n) => (n % 10 === 9 ? digestOf('fresh', n) : digestOf('in the set alone', n)));
  const kind = { name: 'bench', edition: '1', datedAt: null, mark: 'known', replace: false } as const;
  await engine.knownSets.import(set, kind, () => undefined, never);
  const list = join(into, 'list.csv');
  writeLines(list, count + 1, (n) =>
    n === 0
      ? 'name,sha256,host'
      : `C:\\tools\\file-${n}.exe,${n % 100 < ANSWERED ? digestOf('cached', Math.floor(n / 100) * ANSWERED + (n % 100)) : digestOf('fresh', n)},host-${n % 50}`,
  );
  const inputs = [{ kind: 'path', path: list } as const];
  const { finished } = await engine.intakes.start(
    { door: 'terminal', inputs, reading: { as: 'list' } },
    () => undefined,
    never,
  );
  const { accounting, counts } = await finished;
  console.log(`made: ${accounting.hashes} hashes, ${counts.malicious} malicious`);
  await engine.dispose();
}

async function write(into: string, format: ReportFormat): Promise<void> {
  const engine = await createEngine({ directory, threads: 'inline', shell: 'terminal' });
  await engine.intakes.get(1);
  const before = Math.round(process.memoryUsage.rss() / 2 ** 20);
  const path = join(into, `report.${format}`);
  const start = performance.now();
  const cpu = process.cpuUsage();
  let firstRows = 0;
  const { rows: written } = await engine.reports.write(
    {
      intakeId: 1,
      format,
      statement: { title: '', examiner: '', caseName: '', note: '' },
      selection: {
        kind: 'query',
        query: { statuses: [], flags: [], tags: [], text: '', sort: 'position', descending: false, asOf: 0 },
      },
    },
    path,
    () => (firstRows ||= performance.now() - start),
    never,
  );
  const { user, system } = process.cpuUsage(cpu);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(
    `${format.padEnd(6)} ${written} rows, ${seconds} s (first after ${(firstRows / 1000).toFixed(1)} s), ` +
      `${((user + system) / 1e6).toFixed(1)} s CPU, ${(statSync(path).size / 1e6).toFixed(0)} MB, ` +
      `peak ${peak} MB (${before} before)`,
  );
  const verifying = performance.now();
  const { outcome } = await engine.reports.verify(path, () => undefined, never);
  console.log(`       verify: ${outcome} after ${((performance.now() - verifying) / 1000).toFixed(1)} s`);
  await engine.dispose();
}
