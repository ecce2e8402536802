/**
 * Carried cells of one occurrence: each cell as u32 LE length + UTF-8, in the order of the intake's columns. Empty cells
 * at the end are left out; a reader takes them as ''.
 */
export class CellEncoder {
  #buffer = Buffer.allocUnsafe(64 * 1024);

  /** The encoded cells, valid until the next call; empty when every cell is ''. */
  encode(cells: readonly string[]): Uint8Array {
    let last = cells.length - 1;
    while (last >= 0 && cells[last] === '') {
      last -= 1;
    }
    let at = 0;
    for (let index = 0; index <= last; index += 1) {
      const cell = cells[index] as string;
      this.#reserve(at + 4 + cell.length * 3);
      const written = cell === '' ? 0 : this.#buffer.write(cell, at + 4, 'utf8');
      this.#buffer.writeUInt32LE(written, at);
      at += 4 + written;
    }
    return this.#buffer.subarray(0, at);
  }

  #reserve(size: number): void {
    if (size > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(size, this.#buffer.length * 2));
      larger.set(this.#buffer);
      this.#buffer = larger;
    }
  }
}

/** The cells of one occurrence, exactly `columns` of them. */
export function decodeCells(bytes: Uint8Array, columns: number): string[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const cells: string[] = [];
  let at = 0;
  while (at < buffer.length && cells.length < columns) {
    const length = buffer.readUInt32LE(at);
    cells.push(buffer.toString('utf8', at + 4, at + 4 + length));
    at += 4 + length;
  }
  while (cells.length < columns) {
    cells.push('');
  }
  return cells;
}

/**
 * Where each of an input's columns lies among the columns of the whole intake. Names not there yet are appended to
 * `union`; a name that occurs twice in the input takes two places.
 */
export function placeColumns(union: string[], columns: readonly string[]): readonly number[] {
  const taken = new Set<number>();
  return columns.map((name) => {
    let place = union.findIndex((candidate, index) => candidate === name && !taken.has(index));
    if (place === -1) {
      place = union.push(name) - 1;
    }
    taken.add(place);
    return place;
  });
}
