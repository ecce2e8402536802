import SevenZip from '7z-wasm';
import { wasm, type ToolInstance } from './tool-module.ts';

/** The archive as 7-Zip reads it. */
export interface ToolArchive {
  readonly size: number;
  /** Fills `into` from `at` on and says how many bytes that were: fewer only at the end. */
  read(at: number, into: Uint8Array): number;
}

/** What 7-Zip writes, as it writes it: nothing is held back, so the order of both is that of its work. */
export interface ToolOutput {
  /** Unpacked bytes, valid during the call only. Throwing ends the run with what was thrown. */
  onData(bytes: Uint8Array): void;
  /** Its messages, UTF-8. */
  onMessage(bytes: Uint8Array): void;
}

/** How 7-Zip itself ended. `broke`: by an exception of its own, which it throws over damaged lists and for a prompt. */
export type ToolEnd = 'ended' | 'broke' | 'no-memory';

/** What this uses of emscripten's run time. */
interface Stream {
  position: number;
  tty: unknown;
  stream_ops: object;
}
interface Node {
  stream_ops: object;
  node_ops: object;
}
interface Tool {
  readonly FS: {
    readonly streams: readonly Stream[];
    createFile(parent: string, name: string, properties: object, canRead: boolean, canWrite: boolean): Node;
  };
  callMain(args: string[]): number;
}
interface Imports {
  readonly env: { emscripten_resize_heap: (bytes: number) => boolean };
}

const NAME = 'archive';
/** Memory 7-Zip may take: enough for a dictionary of 1 GiB. */
const MOST_MEMORY = 1_280 * 1024 * 1024;
/** Type and rights of a regular file only its owner may read. */
const FILE_MODE = 0o100400;

/**
 * Runs 7-Zip, `module`, once, in WebAssembly, with `archive` as the only file it can see: it reaches neither disk nor
 * network. Blocks until it ends. Throws what `archive` and `output` throw.
 */
export async function runTool(
  module: object,
  args: readonly string[],
  archive: ToolArchive,
  output: ToolOutput,
): Promise<ToolEnd> {
  const memory = { isRefused: false };
  const tool = await startTool(module, memory);
  giveArchive(tool, archive);
  giveOutput(tool, 1, (bytes) => output.onData(bytes));
  giveOutput(tool, 2, (bytes) => output.onMessage(bytes));
  try {
    const code = tool.callMain([...args, '--', `/${NAME}`]);
    return memory.isRefused && code !== 0 ? 'no-memory' : 'ended';
  } catch (error) {
    // Exceptions of C++ arrive as their address.
    if (typeof error === 'number' || error instanceof wasm.RuntimeError) {
      return memory.isRefused ? 'no-memory' : 'broke';
    }
    throw error;
  }
}

/** 7-Zip keeps state of a run in its memory: each run gets one of its own. */
async function startTool(module: object, memory: { isRefused: boolean }): Promise<Tool> {
  const options = {
    instantiateWasm(imports: Imports, done: (instance: ToolInstance) => void): object {
      const grow = imports.env.emscripten_resize_heap;
      imports.env.emscripten_resize_heap = (bytes) => {
        const isGrown = bytes >>> 0 <= MOST_MEMORY && grow(bytes);
        memory.isRefused ||= !isGrown;
        return isGrown;
      };
      const instance = new wasm.Instance(module, { ...imports });
      done(instance);
      return instance.exports;
    },
    stdin: () => null,
    print: () => undefined,
    printErr: () => undefined,
    quit: (_code: number, thrown: unknown): never => {
      throw thrown;
    },
  };
  // The package's types know neither `instantiateWasm` nor the tables of open files.
  return (await SevenZip(options as object)) as unknown as Tool;
}

function giveArchive({ FS }: Tool, archive: ToolArchive): void {
  const node = FS.createFile('/', NAME, {}, true, false);
  const time = new Date(0);
  const attributes = { dev: 1, ino: 1, mode: FILE_MODE, nlink: 1, uid: 0, gid: 0, rdev: 0, size: archive.size };
  node.node_ops = {
    ...node.node_ops,
    getattr: () => ({ ...attributes, atime: time, mtime: time, ctime: time, blksize: 4096, blocks: 1 }),
  };
  node.stream_ops = {
    llseek: (stream: Stream, offset: number, whence: number) =>
      offset + (whence === 1 ? stream.position : whence === 2 ? archive.size : 0),
    read: (_stream: Stream, heap: Int8Array, offset: number, length: number, position: number) =>
      archive.read(position, bytesOf(heap, offset, length)),
  };
}

function giveOutput({ FS }: Tool, descriptor: 1 | 2, take: (bytes: Uint8Array) => void): void {
  const stream = FS.streams[descriptor];
  if (stream === undefined) {
    throw new TypeError('7-Zip has no such stream');
  }
  // It writes no file content to a terminal.
  stream.tty = undefined;
  stream.stream_ops = {
    ...stream.stream_ops,
    write(_stream: Stream, heap: Int8Array, offset: number, length: number) {
      take(bytesOf(heap, offset, length));
      return length;
    },
  };
}

function bytesOf(heap: Int8Array, offset: number, length: number): Uint8Array {
  return new Uint8Array(heap.buffer, heap.byteOffset + offset, length);
}
