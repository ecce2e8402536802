import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { holdQuit } from '#main/shells/electron/lifecycle.ts';
import { electronDouble } from './electron-double.ts';
import { engineDouble } from './engine-double.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function held(): { electron: ReturnType<typeof electronDouble>; engine: ReturnType<typeof engineDouble> } {
  const electron = electronDouble();
  const engine = engineDouble();
  holdQuit({ app: electron.pieces.app, dialog: electron.pieces.dialog, engine: engine.engine, deadlineMs: 1_000 });
  return { electron, engine };
}
const quit = async ({ electron }: ReturnType<typeof held>): Promise<void> => {
  electron.pieces.app.quit();
  await vi.advanceTimersByTimeAsync(0);
};

it('asks while work runs; staying keeps everything running', async () => {
  const shell = held();
  shell.engine.isBusy = true;
  await quit(shell);
  expect(shell.electron.boxes).toHaveLength(1);
  expect([shell.engine.disposed, shell.electron.log.includes('exit 0')]).toEqual([0, false]);
  await quit(shell);
  expect(shell.electron.boxes).toHaveLength(2);
});

it('quitting during work stops the engine, once, then leaves', async () => {
  const shell = held();
  shell.engine.isBusy = true;
  shell.electron.answer = 1;
  await quit(shell);
  await quit(shell);
  expect([shell.electron.boxes.length, shell.engine.disposed]).toEqual([1, 1]);
  expect(shell.electron.log.filter((line) => line.startsWith('exit'))).toEqual(['exit 0']);
});

it('leaves at the deadline when the engine does not stop', async () => {
  const shell = held();
  shell.engine.disposal = new Promise(() => undefined);
  await quit(shell);
  expect(shell.electron.log).not.toContain('exit 0');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(shell.electron.log.at(-1)).toBe('exit 0');
});

it('leaves with code 1 when stopping fails', async () => {
  const shell = held();
  shell.engine.disposal = Promise.reject(new Error('x'));
  await quit(shell);
  expect(shell.electron.log.at(-1)).toBe('exit 1');
  expect(vi.getTimerCount()).toBe(0);
});

it('stops without asking when the last window is gone', async () => {
  const shell = held();
  shell.engine.isBusy = true;
  shell.electron.app.emit('window-all-closed');
  await vi.advanceTimersByTimeAsync(0);
  expect([shell.electron.boxes, shell.engine.disposed, shell.electron.log.at(-1)]).toEqual([[], 1, 'exit 0']);
});
