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
  const feed = new XmlFeed(cellReader(lines, book, strings));
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

interface Cell {
  type: string;
  style: number;
  value: string;
  inline: string;
  hasValue: boolean;
}

function cellReader(
  lines: RowLines,
  book: Pick<Workbook, 'isFrom1904' | 'showsDate'>,
  strings: SharedStrings,
): XmlHandler {
  const cell: Cell = { type: '', style: 0, value: '', inline: '', hasValue: false };
  let into: 'value' | 'inline' | null = null;
  let phonetic = 0;

  const open = (name: string, attributes: Readonly<Record<string, string>>): void => {
    switch (name) {
      case 'c':
        lines.toCell(attributes['r']);
        cell.type = attributes['t'] ?? 'n';
        cell.style = attributes['s'] === undefined ? 0 : Number(attributes['s']);
        cell.value = '';
        cell.inline = '';
        break;
      case 'row':
        lines.toRow(attributes['r']);
        break;
      case 'v':
        into = 'value';
        break;
      case 't':
        into = phonetic === 0 ? 'inline' : null;
        break;
      case 'rPh':
        phonetic += 1;
        break;
      default:
        break;
    }
  };

  const close = (name: string): void => {
    into = null;
    if (name === 'c') {
      put(cell);
    } else if (name === 'row') {
      lines.endRow();
    } else if (name === 'rPh') {
      phonetic -= 1;
    }
  };

  const put = ({ type, style, value, inline }: Cell): void => {
    if (type === 's' && value !== '') {
      lines.putShared(strings, Number(value));
      return;
    }
    const text = type === 'inlineStr' ? inline : value;
    if (text !== '') {
      lines.put(shown(type, text, book.showsDate[style] === true));
    }
  };

  const shown = (type: string, text: string, isDate: boolean): string => {
    if (type === 'n') {
      return (isDate ? serialAsIso(Number(text), book.isFrom1904) : null) ?? plainNumber(text);
    }
    if (type === 'b') {
      return text === '1' || text === 'true' ? 'TRUE' : 'FALSE';
    }
    const plain = csvCell(type === 'str' || type === 'inlineStr' ? withoutEscapes(text) : text);
    if (plain === null) {
      throw new MemberFault('limit', 'one of its cells is longer than 1 MiB');
    }
    return plain;
  };

  const text = (piece: string): void => {
    if (into === 'value') {
      cell.value += piece;
    } else if (into === 'inline') {
      cell.inline += piece;
    }
  };

  return { open, close, text };
}
