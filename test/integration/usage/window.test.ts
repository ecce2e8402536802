import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createEngine } from '#main/engine.ts';
import { temporaryDirectory } from '../../db/temporary-directory.ts';
import { never } from '../cache/open-cache.ts';
import { hashes } from './received-world.ts';

test('a window counts what it read by itself, once it can be shown, beside threads that do the work', async () => {
  const directory = join(temporaryDirectory(), 'data');
  const faults: unknown[] = [];
  const engine = await createEngine({
    directory,
    threads: 'workers',
    shell: 'chromium',
    onFault: (what, error) => faults.push([what, error]),
  });
  onTestFinished(() => engine.dispose());
  const drop = async (lines: readonly string[]): Promise<number> => {
    const input = { kind: 'text', name: 'list', text: lines.join('\n') } as const;
    const request = { door: 'paste', inputs: [input], reading: { as: 'auto' } } as const;
    const running = await engine.intakes.start(request, () => undefined, never);
    await running.finished;
    return running.intakeId;
  };
  const received = () => engine.database.read('metricTotal', { kind: 'inboundDay', from: 0, to: 4e9 });
  const first = await drop(hashes(0, 300));
  await expect.poll(received).toBe(300);
  rmSync(join(directory, 'intakes', String(first)), { recursive: true });
  // With a file that is gone nothing can be compared.
  await drop(hashes(200, 400));
  await expect.poll(received).toBe(500);
  await drop(hashes(300, 450));
  await expect.poll(received).toBe(550);
  expect(faults).toEqual([]);
});
