/**
 * How fast JSON is read: `node test/bench/json-speed.ts [MB] [runs] [part of a name]`. Measures the whole `assay triage` of the
 * inputs of json-inputs.ts in processor time, of all threads, as Linux tells it. BENCH_DIR names a folder that is kept; PEER
 * another copy of this repository, which is measured in turns with this one.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../architecture/sources.ts';
import { jsonInputs, writePieces } from './json-inputs.ts';
import { spread } from './measure.ts';

const MB = Number(process.argv[2] ?? 150);
const RUNS = Number(process.argv[3] ?? 3);
const wanted = process.argv[4] ?? '';
const kept = process.env['BENCH_DIR'];
const folder = kept ?? mkdtempSync(join(tmpdir(), 'assay-json-speed-'));
const peer = process.env['PEER'];
const copies = peer === undefined ? [root] : [peer, root];

/** Seconds of processor time that ended children took so far. */
function childSeconds(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

function triage(copy: string, list: string): { readonly seconds: number; readonly records: string } {
  const data = join(folder, 'data');
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data);
  const before = childSeconds();
  const bin = join(copy, 'src-main/shells/terminal/assay.mjs');
  const run = spawnSync(process.execPath, [bin, 'triage', list, '--data', data], { encoding: 'utf8' });
  if (run.status !== 0) {
    throw new Error(run.stderr);
  }
  return { seconds: childSeconds() - before, records: /\d[\d,]* records/.exec(run.stdout)?.[0] ?? '' };
}

mkdirSync(folder, { recursive: true });
for (const input of jsonInputs(MB * 1e6).filter(({ name }) => name.includes(wanted))) {
  const { name, file } = input;
  const list = join(folder, file);
  if (!existsSync(list)) {
    writePieces(list, input.pieces());
  }
  const megabytes = statSync(list).size / 1e6;
  const times = copies.map((): number[] => []);
  let records = '';
  for (let run = 0; run < RUNS; run += 1) {
    copies.forEach((copy, index) => {
      const result = triage(copy, list);
      times[index]?.push(result.seconds);
      ({ records } = result);
    });
  }
  const told = times.map(
    (of) => `${spread(of).median.toFixed(2)} s, ${(megabytes / spread(of).median).toFixed(1)} MB/s`,
  );
  console.log(`${name.padEnd(20)} ${megabytes.toFixed(0)} MB, ${records}: ${told.join(' -> ')}`);
}
if (kept === undefined) {
  rmSync(folder, { recursive: true });
}
