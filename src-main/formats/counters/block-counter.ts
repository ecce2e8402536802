import { MOST_BLOCK_KEYS } from '../parts/block-reader.ts';
import type { RecordCounter } from '../record-sink.ts';
import { createLineSplitter } from './split-lines.ts';
import { withoutTail } from './trim-blanks.ts';

const KEYS = {
  padded: /^([a-z][\w .()-]{0,59}?)[\t ]*[\t ]:([\t ]|$)/i,
  tight: /^([a-z0-9][\w-]{0,59}):/i,
} as const;

/**
 * Counts blocks of fields. A block starts at a field behind a blank line, or at one its block has already; lines
 * that are neither a field, nor indented below one, nor a prompt count by themselves.
 */
export function createBlockCounter(separator: keyof typeof KEYS): RecordCounter {
  let records = 0;
  /** The keys of the open block; empty outside a block. */
  const keys = new Set<string>();
  const splitter = createLineSplitter(({ text, isOverlong }) => {
    if (isOverlong) {
      records += 1;
      return;
    }
    const line = withoutTail(text);
    if (line === '') {
      keys.clear();
      return;
    }
    const isIndented = /^[\t-\r ]/.test(line);
    if (isIndented && keys.size > 0) {
      return;
    }
    const key = isIndented ? undefined : KEYS[separator].exec(line)?.[1];
    if (key === undefined) {
      records += /^PS [^>]*>/.test(line) ? 0 : 1;
    } else {
      if (keys.size === 0 || keys.has(key) || keys.size === MOST_BLOCK_KEYS) {
        records += 1;
        keys.clear();
      }
      keys.add(key);
    }
  });
  return {
    push: (chunk) => splitter.push(chunk),
    end() {
      splitter.end();
      return records;
    },
  };
}
