import { crc32 } from 'node:zlib';
import type { PackedWriter } from '../packed-writer.ts';
import {
  FEWEST_INDEXED,
  INDEX_BLOCK,
  KEY_BLOCK,
  markOf,
  MOST_INDEXED,
  MOST_PER_STEP,
  STEPS_PER_START,
} from './key-layout.ts';

/** Keys read back at once; a multiple of KEY_BLOCK and, with a byte each, of INDEX_BLOCK. */
const STRETCH = INDEX_BLOCK * 4;

/** Writes what `key-layout` describes for an ended section of `count` sorted distinct keys of `width` bytes. */
export function writeKeyIndex(writer: PackedWriter, name: string, width: number, count: number): void {
  if (count < FEWEST_INDEXED || count > MOST_INDEXED) {
    return;
  }
  const bits = Math.floor(Math.log2(count / 2));
  const index = new KeyIndexParts(bits, count);
  const keys = new Uint8Array(STRETCH * width);
  const marks = new Uint8Array(STRETCH);
  writer.begin(`${name}.marks`, 'u8');
  for (let from = 0; from < count; from += STRETCH) {
    const some = Math.min(STRETCH, count - from);
    const bytes = keys.subarray(0, some * width);
    writer.readBack(name, from * width, bytes);
    index.take(bytes, width, from, marks);
    writer.write(marks.subarray(0, some));
  }
  writer.end();
  writer.section(`${name}.sums`, 'u32', index.keySums);
  if (index.isEven) {
    writer.section(`${name}.marks.sums`, 'u32', index.markSums);
    writer.section(`${name}.steps`, 'u8', index.steps);
    writer.section(`${name}.steps.sums`, 'u32', sumsOf(index.steps));
    writer.section(`${name}.starts`, 'u32', startsOf(index.steps));
  }
}

class KeyIndexParts {
  readonly steps: Uint8Array;
  readonly keySums: Uint32Array;
  readonly markSums: Uint32Array;
  /** False once more keys share a step than a byte can count. */
  isEven = true;
  readonly #bits: number;

  constructor(bits: number, count: number) {
    this.#bits = bits;
    this.steps = new Uint8Array(2 ** bits);
    this.keySums = new Uint32Array(Math.ceil(count / KEY_BLOCK));
    this.markSums = new Uint32Array(Math.ceil(count / INDEX_BLOCK));
  }

  /** Takes the keys from number `from` on, and fills in their marks. */
  take(keys: Uint8Array, width: number, from: number, marks: Uint8Array): void {
    const bits = this.#bits;
    const count = keys.length / width;
    for (let key = 0, at = 0; key < count; key += 1, at += width) {
      const prefix =
        (((keys[at] as number) << 24) |
          ((keys[at + 1] as number) << 16) |
          ((keys[at + 2] as number) << 8) |
          (keys[at + 3] as number)) >>>
        0;
      marks[key] = markOf(prefix, keys[at + 4] as number, bits);
      const step = prefix >>> (32 - bits);
      const held = this.steps[step] as number;
      this.isEven &&= held < MOST_PER_STEP;
      this.steps[step] = held + 1;
    }
    for (let key = 0; key < count; key += KEY_BLOCK) {
      this.keySums[(from + key) / KEY_BLOCK] = crc32(keys.subarray(key * width, (key + KEY_BLOCK) * width));
    }
    this.markSums.set(sumsOf(marks.subarray(0, count)), from / INDEX_BLOCK);
  }
}

function sumsOf(bytes: Uint8Array): Uint32Array {
  const sums = new Uint32Array(Math.ceil(bytes.length / INDEX_BLOCK));
  for (let block = 0; block < sums.length; block += 1) {
    sums[block] = crc32(bytes.subarray(block * INDEX_BLOCK, (block + 1) * INDEX_BLOCK));
  }
  return sums;
}

function startsOf(steps: Uint8Array): Uint32Array {
  const starts = new Uint32Array(Math.ceil(steps.length / STEPS_PER_START));
  let before = 0;
  for (let step = 0; step < steps.length; step += 1) {
    if (step % STEPS_PER_START === 0) {
      starts[step / STEPS_PER_START] = before;
    }
    before += steps[step] as number;
  }
  return starts;
}
