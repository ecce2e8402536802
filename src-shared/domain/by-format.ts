/** What became of the records of one input, before duplicates are known. */
export interface InputCounts {
  readonly hashed: number;
  readonly without: number;
  readonly rejected: number;
  readonly otherLines: number;
}

interface CountedInput {
  readonly format: string;
  readonly formatLabel: string;
  readonly records: number;
  readonly counts?: InputCounts | undefined;
}

/** The inputs of one format together. */
export interface FormatShare {
  readonly format: string;
  readonly label: string;
  readonly inputs: number;
  readonly records: number;
  /** Null when one of the inputs was read by a version that did not keep it. */
  readonly counts: InputCounts | null;
}

/**
 * Adds inputs up by their format and what it is called, in the order the first of each was read. Summed up once more, the
 * rows give the accounting of the intake, with hashes and duplicates as one number.
 */
export function byFormat(inputs: readonly CountedInput[]): FormatShare[] {
  const shares = new Map<string, FormatShare>();
  for (const { format, formatLabel: label, records, counts } of inputs) {
    const key = `${format}\n${label}`;
    const before = shares.get(key);
    shares.set(key, {
      format,
      label,
      inputs: (before?.inputs ?? 0) + 1,
      records: (before?.records ?? 0) + records,
      counts: together(before === undefined ? NONE : before.counts, counts ?? null),
    });
  }
  return [...shares.values()];
}

const NONE: InputCounts = { hashed: 0, without: 0, rejected: 0, otherLines: 0 };

function together(sum: InputCounts | null, more: InputCounts | null): InputCounts | null {
  return sum === null || more === null
    ? null
    : {
        hashed: sum.hashed + more.hashed,
        without: sum.without + more.without,
        rejected: sum.rejected + more.rejected,
        otherLines: sum.otherLines + more.otherLines,
      };
}
