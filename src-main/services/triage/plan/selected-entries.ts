import type { EntryGroup } from '../../../intakes/intake-columns.ts';
import type { EntrySource } from '../port.ts';

/** Some entries of a source as a source of their own. */
export interface SelectedEntries extends EntrySource {
  /** The entry of the whole that each entry here is, ascending. */
  readonly entries: Uint32Array;
}

/** The entries with these numbers; they may come in any order and more than once. */
export function selectEntries(whole: EntrySource, wanted: Uint32Array): SelectedEntries {
  const isMarked = new Uint8Array(whole.length);
  for (const entry of wanted) {
    isMarked[entry] = 1;
  }
  let count = 0;
  for (const mark of isMarked) {
    count += mark;
  }
  const entries = new Uint32Array(count);
  const starts: number[] = [];
  const firsts: number[] = [];
  const groups: EntryGroup[] = [];
  let next = 0;
  let base = 0;
  for (const group of whole.groups) {
    starts.push(next);
    firsts.push(base);
    for (let entry = base; entry < base + group.count; entry += 1) {
      if (isMarked[entry] === 1) {
        entries[next] = entry;
        next += 1;
      }
    }
    groups.push({ ...group, count: next - (starts.at(-1) ?? 0) });
    base += group.count;
  }
  let buffer = new Uint8Array(0);
  return {
    length: count,
    groups,
    entries,
    read(group, from, many) {
      const stride = groups[group]?.stride ?? 0;
      const start = (starts[group] ?? 0) + from;
      const first = firsts[group] ?? 0;
      if (groups[group]?.count === whole.groups[group]?.count) {
        return whole.read(group, from, many);
      }
      if (buffer.length < many * stride) {
        buffer = new Uint8Array(many * stride);
      }
      copyRuns(whole, group, first, entries.subarray(start, start + many), stride, buffer);
      return buffer.subarray(0, many * stride);
    },
  };
}

/** Entries that lie close together are read at once: a read costs far more than stepping over a few bytes. */
const GAP = 64;

function copyRuns(
  whole: EntrySource,
  group: number,
  first: number,
  entries: Uint32Array,
  stride: number,
  into: Uint8Array,
): void {
  for (let from = 0; from < entries.length;) {
    let to = from + 1;
    while (to < entries.length && (entries[to] as number) - (entries[to - 1] as number) <= GAP && to - from < 4096) {
      to += 1;
    }
    const start = entries[from] as number;
    const run = whole.read(group, start - first, (entries[to - 1] as number) - start + 1);
    for (let place = from; place < to; place += 1) {
      const at = ((entries[place] as number) - start) * stride;
      into.set(run.subarray(at, at + stride), place * stride);
    }
    from = to;
  }
}
