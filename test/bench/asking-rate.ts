// Asks simulators at their limits for 30 windows, all at once. A minute lasts 6 s here, and latency is scaled with it
// (5-80 ms); `npm run soak -- --rate` does real minutes. `node test/bench/asking-rate.ts [WINDOWS]` prints one line of JSON.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureRate, type Rate, RATE_CASES } from '../soak/rate.ts';

const windows = Number(process.argv[2] ?? 30);
const directory = mkdtempSync(join(tmpdir(), 'assay-rate-'));
try {
  const rates: Rate[] = await Promise.all(
    RATE_CASES.map((one, index) => measureRate(join(directory, String(index)), { ...one, minuteMs: 6_000, windows })),
  );
  console.log(JSON.stringify(rates));
} finally {
  rmSync(directory, { recursive: true, force: true });
}
