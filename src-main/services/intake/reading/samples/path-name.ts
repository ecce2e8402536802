import { isUtf8 } from 'node:buffer';

/**
 * A path as it is shown and kept. Names need not be UTF-8: of those every other byte is written as `\xHH` and a backslash
 * as `\\`, so that two different names never look the same.
 */
export function pathName(path: Buffer): string {
  return isUtf8(path) ? path.toString() : escaped(path);
}

function escaped(path: Buffer): string {
  let text = '';
  for (let at = 0; at < path.length;) {
    const length = characterAt(path, at);
    if (length === 0) {
      text += `\\x${path.subarray(at, at + 1).toString('hex')}`;
      at += 1;
      continue;
    }
    const character = path.toString('utf8', at, at + length);
    text += character === '\\' ? '\\\\' : character;
    at += length;
  }
  return text;
}

/** Bytes of the whole UTF-8 character at `at`; 0 when there is none. */
function characterAt(path: Buffer, at: number): number {
  for (let length = 1; length <= 4 && at + length <= path.length; length += 1) {
    if (isUtf8(path.subarray(at, at + length))) {
      return length;
    }
  }
  return 0;
}
