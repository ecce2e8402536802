import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { Host } from '#main/shells/terminal/host.ts';
import { askUnseen, readPiped } from '#main/shells/terminal/secret-input.ts';

interface Typing {
  readonly host: Host;
  readonly stdin: PassThrough;
  readonly modes: boolean[];
  readonly shown: () => Promise<string>;
}

function terminal(isTTY = true): Typing {
  const modes: boolean[] = [];
  const stdin = Object.assign(new PassThrough(), { isTTY, setRawMode: (on: boolean) => modes.push(on) });
  const stderr = new PassThrough();
  const host = { stdin, stderr } as unknown as Host;
  return { host, stdin, modes, shown: () => (stderr.end(), text(stderr)) };
}

test('what is typed is returned, erased as typed, and never shown', async () => {
  const { host, stdin, modes, shown } = terminal();
  const asked = askUnseen(host, 'Key: ', new AbortController().signal);
  stdin.write('abX');
  stdin.write('\u007fcd');
  stdin.write('\r');
  expect(await asked).toBe('abcd');
  expect(modes).toEqual([true, false]);
  expect(await shown()).toBe('Key: \n');
});

test.each([['\u0003'], ['\u0004']])('%j gives up and gives the terminal back', async (key) => {
  const { host, stdin, modes } = terminal();
  const asked = askUnseen(host, 'Key: ', new AbortController().signal);
  stdin.write(`half${key}`);
  await expect(asked).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(modes).toEqual([true, false]);
});

test('being stopped gives the terminal back', async () => {
  const { host, modes } = terminal();
  const controller = new AbortController();
  const asked = askUnseen(host, 'Key: ', controller.signal);
  controller.abort();
  await expect(asked).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(modes).toEqual([true, false]);
});

test('without a terminal the other ways are named', async () => {
  const { host } = terminal(false);
  await expect(askUnseen(host, 'Key: ', new AbortController().signal)).rejects.toThrow(/--key-stdin/);
});

test.each([
  ['one line', 'abc\n', 'abc'],
  ['one line of another system', 'abc\r\n', 'abc'],
  ['no line end', 'abc', 'abc'],
])('a piped key: %s', async (_, piped, key) => {
  const { host, stdin } = terminal(false);
  stdin.end(piped);
  expect(await readPiped(host, new AbortController().signal)).toBe(key);
});

test.each([[''], ['\n'], ['abc\ndef\n']])('piped %j is no key', async (piped) => {
  const { host, stdin } = terminal(false);
  stdin.end(piped);
  await expect(readPiped(host, new AbortController().signal)).rejects.toThrow(/exactly one line/);
});
