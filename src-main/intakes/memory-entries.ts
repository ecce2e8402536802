import type { EntrySource } from '../services/triage/port.ts';
import type { EntryGroup } from './intake-columns.ts';

/** Entries held in memory, as judging takes them: one sorted block per group. */
export function memoryEntries(groups: readonly EntryGroup[], blocks: readonly Uint8Array[]): EntrySource {
  return {
    length: groups.reduce((sum, group) => sum + group.count, 0),
    groups,
    read(group, from, count) {
      const stride = groups[group]?.stride ?? 0;
      return (blocks[group] ?? new Uint8Array(0)).subarray(from * stride, (from + count) * stride);
    },
  };
}
