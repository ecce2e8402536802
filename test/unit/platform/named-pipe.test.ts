import { execFileSync, spawn } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pipeBytes } from '#main/platform/named-pipe.ts';

let folder: string;
let pipe: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-pipe-'));
  pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const forever = new AbortController().signal;

async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) {
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Whether this process has found the pipe. */
function isHeld(): boolean {
  return readdirSync('/proc/self/fd').some((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === pipe;
    } catch {
      // That of the folder itself, which is closed by now.
      return false;
    }
  });
}

/** Where a waiting pipe can be woken by the system, and where it is looked at. */
const ways = [
  ['as the system tells', true],
  ['by looking', false],
] as const;

describe.skipIf(process.platform !== 'linux').each(ways)('a named pipe that is waited for %s', (_, isTold) => {
  it('gives everything of somebody who comes late and pauses, and ends when that one is gone', async () => {
    const text = textOf(pipeBytes(pipe, forever, isTold));
    await wait(40);
    // Waits for the reader on another thread: on this one nobody would ever come.
    const writer = await open(pipe, 'w');
    await writer.write('first ');
    await wait(40);
    await writer.write('second');
    await writer.close();
    expect(await text).toBe('first second');
  });

  it('gives more than a pipe holds, byte for byte', async () => {
    const script = `head -c 3000000 /dev/zero | tr '\\0' 'x' > '${pipe}'`;
    spawn('sh', ['-c', script]);
    const text = await textOf(pipeBytes(pipe, forever, isTold));
    expect([text.length, text.replaceAll('x', '')]).toEqual([3_000_000, '']);
  });

  it.each([
    ['while nobody writes', () => undefined],
    ['after its name is gone', () => rmSync(pipe)],
    ['after its name is a file’s', () => (rmSync(pipe), writeFileSync(pipe, 'a file'))],
  ])('ends %s when nobody waits any more', async (_how, change) => {
    const stop = new AbortController();
    const text = textOf(pipeBytes(pipe, stop.signal, isTold));
    await vi.waitUntil(isHeld, { interval: 5, timeout: 60_000 });
    change();
    stop.abort();
    expect(await text).toBe('');
  });

  it('ends at once when nobody waits from the start', async () => {
    expect(await textOf(pipeBytes(pipe, AbortSignal.abort(), isTold))).toBe('');
  });

  it('ends while a writer is silent when nobody waits any more, with what was written', async () => {
    const stop = new AbortController();
    const holder = openSync(pipe, 'r+');
    writeSync(holder, 'said');
    const said: string[] = [];
    for await (const part of pipeBytes(pipe, stop.signal, isTold)) {
      said.push(Buffer.from(part).toString());
      setTimeout(() => stop.abort(), 20);
    }
    expect(said).toEqual(['said']);
    closeSync(holder);
  });

  it('is closed when whoever reads it leaves early', async () => {
    const holder = openSync(pipe, 'r+');
    writeSync(holder, 'said');
    for await (const part of pipeBytes(pipe, forever, isTold)) {
      expect(Buffer.from(part).toString()).toBe('said');
      break;
    }
    closeSync(holder);
    // Nobody has it open to read: opening it to write without waiting is refused.
    expect(() => openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK)).toThrow('ENXIO');
  });
});

describe.skipIf(process.platform !== 'linux')('a pipe', () => {
  it('that somebody opens and leaves without a byte is empty', async () => {
    const text = textOf(pipeBytes(pipe, forever));
    await wait(40);
    await (await open(pipe, 'w')).close();
    expect(await text).toBe('');
  });

  it.each([
    ['everything', 'said'],
    ['nothing', ''],
  ])('gives %s of somebody who waited for it, however soon that one is gone', async (_, said) => {
    for (let turn = 0; turn < 40; turn += 1) {
      const writing = writeFile(pipe, said);
      expect(await textOf(pipeBytes(pipe, forever))).toBe(said);
      await writing;
    }
  });

  it('without a name ends though its writer left before', async () => {
    const said = execFileSync('sh', [
      '-c',
      `printf said | { sleep 0.1; "$0" --input-type=module -e 'const { pipeBytes } = await import(process.argv[1]);
        for await (const part of pipeBytes("/dev/stdin", new AbortController().signal)) process.stdout.write(part);' "$1"; }`,
      process.execPath,
      join(process.cwd(), 'src-main/platform/named-pipe.ts'),
    ]);
    expect(said.toString()).toBe('said');
  });

  it('that is not there is an error of the system', async () => {
    await expect(textOf(pipeBytes(join(folder, 'none'), forever))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is not needed: a device is read as well', async () => {
    expect(await textOf(pipeBytes('/dev/null', forever))).toBe('');
  });
});
