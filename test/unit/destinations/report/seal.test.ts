import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSeal, SEAL_BLANK, sealed } from '#main/destinations/report/seal.ts';
import { writeStreamed } from '#main/destinations/write-streamed.ts';
import { temporaryDirectory } from '../../../db/temporary-directory.ts';

const NEVER = new AbortController().signal;

async function* each<T>(parts: readonly T[]): AsyncGenerator<T> {
  yield* parts;
}

async function written(parts: readonly (string | Uint8Array)[]): Promise<{ path: string; seal: string }> {
  const path = join(temporaryDirectory(), 'report');
  let seal = '';
  await writeStreamed(
    path,
    sealed(each(parts), (digits) => {
      seal = digits;
    }),
  );
  return { path, seal };
}

describe('the seal of a report', () => {
  test('matches what was written, and no longer once any byte changed', async () => {
    const { path, seal } = await written(['rows\n', Buffer.from('more\n'), `{"seal":"${SEAL_BLANK}"}\n`]);
    expect(await readSeal(path, () => undefined, NEVER)).toEqual({ carried: seal, computed: seal });
    const whole = readFileSync(path);
    for (let at = 0; at < whole.length; at += 1) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] as number) ^ 1;
      writeFileSync(path, changed);
      const found = await readSeal(path, () => undefined, NEVER);
      expect(found === null || found.carried !== found.computed, `byte ${at}`).toBe(true);
    }
  });

  test('is the last one in the file: rows may hold what looks like one', async () => {
    const { path, seal } = await written([`row ${SEAL_BLANK}\n`, `row ${SEAL_BLANK} and "seal":"${SEAL_BLANK}" end`]);
    expect(await readSeal(path, () => undefined, NEVER)).toEqual({ carried: seal, computed: seal });
    expect(readFileSync(path, 'utf8').split(SEAL_BLANK)).toHaveLength(3);
  });

  test('does not depend on how the report was cut into parts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string(), { maxLength: 8 }), async (parts) => {
        const end = `\n"seal":"${SEAL_BLANK}"`;
        const one = await written([...parts, end]);
        const other = await written([parts.join(''), end]);
        expect(other.seal).toBe(one.seal);
      }),
      { numRuns: 30 },
    );
  });

  test('is missing in what is no report', async () => {
    const path = join(temporaryDirectory(), 'plain');
    writeFileSync(path, 'assay-seal:short');
    expect(await readSeal(path, () => undefined, NEVER)).toBeNull();
  });
});
