/**
 * What stopping at a malicious answer saves, and that it finds the same: `node test/bench/strategies.ts [hashes]`.
 * 2,000 by default, once as simulated sources draw them (5 % malicious) and once as in an incident (half of them).
 * Exits 1 when a run calls other hashes malicious than asking all does.
 */
import { createHash } from 'node:crypto';
import type { SimulatedFile } from '#main/simulators/port.ts';
import { differences, runStrategy, type StrategyRun, type StrategyRunOptions } from './strategy-run.ts';

const HASHES = Number(process.argv[2] ?? 2_000);
const sha256 = (n: number): string => createHash('sha256').update(`strategies ${n}`).digest('hex');
const lines = Array.from({ length: HASHES }, (_, n) => sha256(n));
const incident = lines.map((hash, n): SimulatedFile => ({
  sha256: hash,
  status: n % 2 === 0 ? 'malicious' : 'unknown',
}));

const requests = (run: StrategyRun): number => Object.values(run.requests).reduce((sum, count) => sum + count, 0);
let isSame = true;
const cases: readonly (readonly [string, StrategyRunOptions])[] = [
  [`${HASHES} hashes as drawn`, { lines }],
  [`${HASHES} hashes, half of them malicious`, { lines, knows: incident }],
];
for (const [name, options] of cases) {
  const all = await runStrategy('certain', options);
  console.log(
    `${name}: ${all.malicious.size} malicious; ask all: ${requests(all)} requests, ${all.billed} billed calls`,
  );
  for (const strategy of ['cheapest', 'fastest'] as const) {
    const started = performance.now();
    const run = await runStrategy(strategy, options);
    const unlike = differences(all, run);
    isSame &&= unlike.length === 0;
    const share = ((1 - run.billed / all.billed) * 100).toFixed(1);
    console.log(
      `  ${strategy}: ${requests(run)} requests, ${run.billed} billed calls (${share} % saved), ${unlike.length} hashes unlike, ${((performance.now() - started) / 1000).toFixed(1)} s`,
    );
    unlike.slice(0, 20).forEach((line) => console.log(`    ${line}`));
    if (strategy === 'cheapest') {
      console.log(`    order: ${run.planned.join(', ')}`);
    }
  }
}
process.exitCode = isSame ? 0 : 1;
