import { MemberFault } from '../port.ts';
import type { BlankBudget } from './blank-budget.ts';
import { csvCell, plainNumber, withoutEscapes } from './cell-bytes.ts';
import { serialAsIso } from './dates.ts';
import { RowLines } from './row-lines.ts';
import type { SharedStrings } from './shared-strings.ts';
import type { Workbook } from './workbook.ts';
import { XmlFeed, type XmlHandler } from './xml-feed.ts';

/** What is given out at a time, about. */
const PIECE_BYTES = 128 * 1024;

/**
 * A sheet as CSV in UTF-8: line N is row N. Texts as they are shown, numbers plain, dates by their style as ISO 8601,
 * formulas by the value they had when the workbook was saved.
 */
export async function* sheetAsCsv(
  chunks: AsyncIterable<Uint8Array>,
  book: Pick<Workbook, 'isFrom1904' | 'showsDate'>,
  strings: SharedStrings,
  blanks: BlankBudget,
): AsyncGenerator<Uint8Array> {
  const lines = new RowLines(blanks);
  const feed = new XmlFeed(new CellReader(lines, book, strings));
  try {
    for await (const chunk of chunks) {
      feed.write(chunk);
      if (lines.size >= PIECE_BYTES) {
        yield lines.take();
      }
    }
    feed.end();
  } catch (error) {
    // Rows before the damage stand.
    const rest = lines.finish();
    if (rest.length > 0) {
      yield rest;
    }
    throw error;
  }
  yield lines.finish();
}

/** Puts the cells of a sheet into rows. */
class CellReader implements XmlHandler {
  readonly #lines: RowLines;
  readonly #book: Pick<Workbook, 'isFrom1904' | 'showsDate'>;
  readonly #strings: SharedStrings;
  /** Of the cell at work. */
  #type = '';
  #style = 0;
  #value = '';
  #inline = '';
  #into: 'value' | 'inline' | null = null;
  #phonetic = 0;

  constructor(lines: RowLines, book: Pick<Workbook, 'isFrom1904' | 'showsDate'>, strings: SharedStrings) {
    this.#lines = lines;
    this.#book = book;
    this.#strings = strings;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'c') {
      this.#lines.toCell(attributes['r']);
      this.#type = attributes['t'] ?? 'n';
      this.#style = attributes['s'] === undefined ? 0 : Number(attributes['s']);
      this.#value = '';
      this.#inline = '';
    } else if (name === 'v') {
      this.#into = 'value';
    } else if (name === 'row') {
      this.#lines.toRow(attributes['r']);
    } else if (name === 't') {
      this.#into = this.#phonetic === 0 ? 'inline' : null;
    } else if (name === 'rPh') {
      this.#phonetic += 1;
    }
  }

  text(piece: string): void {
    if (this.#into === 'value') {
      this.#value += piece;
    } else if (this.#into === 'inline') {
      this.#inline += piece;
    }
  }

  close(name: string): void {
    this.#into = null;
    if (name === 'c') {
      this.#put();
    } else if (name === 'row') {
      this.#lines.endRow();
    } else if (name === 'rPh') {
      this.#phonetic -= 1;
    }
  }

  #put(): void {
    if (this.#type === 's' && this.#value !== '') {
      this.#lines.putShared(this.#strings, Number(this.#value));
      return;
    }
    const text = this.#type === 'inlineStr' ? this.#inline : this.#value;
    if (text !== '') {
      this.#lines.put(this.#shown(text));
    }
  }

  #shown(text: string): string {
    const type = this.#type;
    if (type === 'n') {
      const isDate = this.#book.showsDate[this.#style] === true;
      return (isDate ? serialAsIso(Number(text), this.#book.isFrom1904) : null) ?? plainNumber(text);
    }
    if (type === 'b') {
      return text === '1' || text === 'true' ? 'TRUE' : 'FALSE';
    }
    const plain = csvCell(type === 'str' || type === 'inlineStr' ? withoutEscapes(text) : text);
    if (plain === null) {
      throw new MemberFault('limit', 'one of its cells is longer than 1 MiB');
    }
    return plain;
  }
}
