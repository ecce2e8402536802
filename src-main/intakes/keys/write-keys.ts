import type { PackedWriter } from '../packed-writer.ts';
import type { KeyBlock } from './distinct-keys.ts';
import type { SideFile } from './side-file.ts';
import { writeKeyIndex } from './write-key-index.ts';

/**
 * Writes sorted distinct keys as section `name`, what they refer to (kept in `refs` meanwhile) as `name.refs`, and the index
 * over them. Returns the number of keys.
 */
export function writeKeys(
  writer: PackedWriter,
  name: string,
  width: number,
  blocks: Iterable<KeyBlock>,
  refs: SideFile | null,
): number {
  let count = 0;
  writer.begin(name, 'bytes');
  for (const block of blocks) {
    writer.write(block.keys);
    refs?.append(block.refs);
    count += block.count;
  }
  writer.end();
  refs?.moveTo(writer, `${name}.refs`, 'u32');
  writeKeyIndex(writer, name, width, count);
  return count;
}
