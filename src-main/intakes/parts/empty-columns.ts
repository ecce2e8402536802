/** What is read of an intake file here. */
interface CarriedSection {
  readonly columns: readonly string[];
  readonly carriedAt: Float64Array | null;
  carriedBytes(from: number, to: number, into: Uint8Array): Uint8Array;
}

/** Bytes looked at in one piece. */
const PART_BYTES = 1 << 20;

/**
 * Places of the carried columns in which no occurrence has anything. Ends with the first row that fills the last of them, so
 * that only lists with an empty column are looked through.
 */
export function emptyColumns(file: CarriedSection): readonly number[] {
  const left = new Set(file.columns.keys());
  const at = file.carriedAt;
  if (at === null) {
    return [...left];
  }
  const occurrences = at.length - 1;
  let buffer = Buffer.alloc(PART_BYTES);
  for (let first = 0; first < occurrences && left.size > 0;) {
    const from = at[first] as number;
    let end = first + 1;
    while (end < occurrences && (at[end + 1] as number) - from <= PART_BYTES) {
      end += 1;
    }
    const size = (at[end] as number) - from;
    if (size > buffer.length) {
      buffer = Buffer.alloc(size);
    }
    file.carriedBytes(from, from + size, buffer);
    for (let occurrence = first; occurrence < end && left.size > 0; occurrence += 1) {
      dropFilled(buffer, (at[occurrence] as number) - from, (at[occurrence + 1] as number) - from, left);
    }
    first = end;
  }
  return [...left];
}

/** Cells are a length and as many bytes; those that are missing at the end are empty. */
function dropFilled(cells: Buffer, start: number, end: number, left: Set<number>): void {
  for (let place = 0, at = start; at < end; place += 1) {
    const length = cells.readUInt32LE(at);
    if (length > 0) {
      left.delete(place);
    }
    at += 4 + length;
  }
}
