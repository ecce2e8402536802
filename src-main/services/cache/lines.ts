/** A line longer than this is no item; it is reported and skipped without being kept. */
export const LONGEST_LINE = 64 * 1024;

export interface NumberedLine {
  /** 1-based. */
  readonly number: number;
  /** Null for a line that is too long. */
  readonly text: string | null;
}

/**
 * Cuts UTF-8 bytes into lines, a batch per chunk at most. Memory is bounded by the chunk and one line. A byte order mark
 * and blank lines are left out; the numbers count every line.
 */
export async function* numberedLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<NumberedLine[]> {
  let rest: Uint8Array = new Uint8Array(0);
  let isSkipping = false;
  let number = 0;
  let isFirst = true;

  function take(block: Uint8Array, lines: NumberedLine[]): void {
    let text = Buffer.from(block.buffer, block.byteOffset, block.byteLength).toString('utf8');
    if (isFirst) {
      isFirst = false;
      text = text.replace(/^\uFEFF/, '');
    }
    for (const line of text.split('\n')) {
      number += 1;
      if (isSkipping) {
        isSkipping = false;
        lines.push({ number, text: null });
      } else if (line.length > LONGEST_LINE) {
        lines.push({ number, text: null });
      } else if (line.trim() !== '') {
        lines.push({ number, text: line });
      }
    }
  }

  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(10);
    if (end < 0) {
      rest = isSkipping ? rest : join(rest, chunk);
    } else {
      const lines: NumberedLine[] = [];
      take(join(rest, chunk.subarray(0, end)), lines);
      rest = chunk.slice(end + 1);
      yield lines;
    }
    if (rest.length > LONGEST_LINE) {
      isSkipping = true;
      rest = new Uint8Array(0);
    }
  }
  if (rest.length > 0 || isSkipping) {
    const lines: NumberedLine[] = [];
    take(rest, lines);
    yield lines;
  }
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.length === 0 ? b : Buffer.concat([a, b]);
}
