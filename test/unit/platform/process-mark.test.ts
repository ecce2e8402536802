import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { isRunning, processMark } from '#main/platform/process-mark.ts';

test('this process runs, one that ended does not', async () => {
  expect(isRunning(processMark())).toBe(true);
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  expect(isRunning(`${child.pid}:`)).toBe(false);
});

test.each(['', ':', 'x:1', '-1:1', '0:', '1.5:'])('the mark %j is nobody’s', (mark) => {
  expect(isRunning(mark)).toBe(false);
});

test.runIf(process.platform === 'linux')('a number taken over by another process does not count', () => {
  expect(isRunning(`${process.pid}:1`)).toBe(false);
});
