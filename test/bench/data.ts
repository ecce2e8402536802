import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';

/** Deterministic digests: the n-th SHA-256 of a numbered family. */
export function digestOf(family: string, n: number): string {
  return createHash('sha256').update(`${family}:${n}`).digest('hex');
}

export function writeLines(path: string, count: number, line: (n: number) => string): void {
  const file = openSync(path, 'w');
  try {
    let batch = '';
    for (let n = 0; n < count; n += 1) {
      batch += `${line(n)}\n`;
      if (batch.length > 1 << 20) {
        writeSync(file, batch);
        batch = '';
      }
    }
    writeSync(file, batch);
  } finally {
    closeSync(file);
  }
}

const STATUSES = ['malicious', 'suspicious', 'non-malicious', 'non-malicious', 'non-malicious'] as const;

/** Reputation items as `cache import` reads them: `count` files, one item each. */
export function writeItems(path: string, count: number): void {
  writeLines(path, count, (n) =>
    JSON.stringify({
      sha256: digestOf('cached', n),
      source: n % 2 === 0 ? 'wildfire' : 'virustotal',
      status: STATUSES[n % STATUSES.length],
      score: n % 70,
      scannedAt: `2026-11-${String(1 + (n % 20)).padStart(2, '0')}T03:04:05Z`,
    }),
  );
}

/** A list of `count` lines in scattered order of which `hitPercent` are among the first `cached` items. */
export function writeList(path: string, count: number, cached: number, hitPercent: number): void {
  writeLines(path, count, (n) => {
    const scattered = Math.imul(n, 2_654_435_761) >>> 0;
    return scattered % 100 < hitPercent ? digestOf('cached', scattered % cached) : digestOf('fresh', n);
  });
}
