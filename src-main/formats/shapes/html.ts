import { LINE_LIMIT } from '../bytes/lines.ts';
import { CollectedBytes } from '../bytes/collected-bytes.ts';
import { asBuffer, isBlank } from '../bytes/text.ts';
import { createHtmlCounter } from '../counters/html-counter.ts';
import type { Fit, Format } from '../format.ts';
import type { Head } from '../head.ts';
import { createHtmlTokenizer } from '../html/html-tokens.ts';
import { OWN_HASH, OWN_PAGE, ownLayoutOf } from '../html/own-page.ts';
import { LINE_HARD_LIMIT, LINE_SOFT_LIMIT, layoutOf, visibleText } from '../html/html-layout.ts';
import { createTextLine } from '../parts/text-line.ts';
import { passingOn, type FormatReader, type RecordSink } from '../record-sink.ts';
import { DOCUMENT_COLUMNS, createTableReader } from '../tables/table-row.ts';
import { isMostlyText } from '../tables/is-mostly-text.ts';
import { type ShownLine, linesWithDigest, nameTheirDigests } from './text.ts';

const DOCUMENT =
  /^(?:\s|<!--(?:(?!-->).)*-->)*<(?:!doctype html|html|head|body|table|div|p|h\d|ul|ol|pre|span|meta)[\s>]/is;
const DIGEST = /(?<![0-9A-Za-z])(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{40}|[0-9a-fA-F]{32})(?![0-9A-Za-z])/;
/** A cell that names digests: whatever else is there, the table is a list. */
const HEADING = />\s*(?:(?:file\s)?hash(?:es)?|md5|sha-?1|sha-?256)\s*<\/(?:\w+>\s*<\/)?t[hd]>/i;
/** Characters nobody sees. */
const UNSEEN = /[\u00ad\u200b-\u200d\u2060\ufeff]/g;

/** A page or part of one: rows of tables are records, other text is read as free text; attributes and scripts are not. */
export const html: Format = {
  id: 'html',
  label: 'HTML',
  probe(head) {
    if (!DOCUMENT.test(head.bytes.toString('latin1', 0, 4096))) {
      return null;
    }
    const text = head.bytes.toString('latin1');
    if (text.includes(`<${OWN_PAGE}>`)) {
      return fit(head, 'a report of Assay, of which the rows alone are read', false);
    }
    const tables = text.match(/<table[\s>]/gi)?.length ?? 0;
    return /<\/[a-z]/i.test(text) && DIGEST.test(text)
      ? fit(
          head,
          `HTML with ${tables === 1 ? 'a table' : `${tables} tables`}`,
          !HEADING.test(text) && isMostlyText(head, openHtml) && !nameTheirDigests(shownLines(head)),
        )
      : null;
  },
  assume: (head) => fit(head, 'asked for', false),
};

function fit(head: Head, why: string, isText: boolean): Fit {
  return {
    why,
    digests: linesWithDigest(head),
    isMostlyText: isText,
    carriedColumns: DOCUMENT_COLUMNS,
    digestColumns: [],
    open: openHtml,
    count: createHtmlCounter,
  };
}

/** Lines and rows of the page as it is shown. */
function shownLines(head: Head): ShownLine[] {
  const lines: ShownLine[] = [];
  const reader = openHtml({
    hash: (_line, _column, _slots, [, text = '']) => void lines.push({ text, hasDigest: true }),
    another: () => undefined,
    without: (_line, _reason, text) => void lines.push({ text, hasDigest: false }),
    reject: () => undefined,
    notDigest: () => undefined,
    otherLines: () => undefined,
    fault: () => undefined,
  });
  reader.push(head.bytes);
  reader.end();
  return lines;
}

interface OpenRow {
  readonly line: number;
  /** Where the text of each cell begins. */
  readonly starts: number[];
  bytes: number;
  hasData: boolean;
}

function openHtml(sink: RecordSink): FormatReader {
  const table = createTableReader(sink);
  const prose = createTextLine({
    ...passingOn(sink),
    hash: (line, _, slots, [around = '']) => sink.hash(line, 0, slots, ['', around]),
    otherLines: () => undefined,
  });
  let line = 1;
  const text = new CollectedBytes();
  const cellBytes = new CollectedBytes();
  let row: OpenRow | null = null;
  let isInCell = false;
  let isFirstRow = true;
  let isBehindEmpty = false;
  /** In a page of our own, where only hashes of its rows are read. */
  let isOwn = false;

  const endLine = (): void => {
    // Behind an empty line another one says nothing: pages are mostly tags.
    if (text.length === 0 && isBehindEmpty) {
      return;
    }
    isBehindEmpty = text.length === 0;
    const bytes = Buffer.from(visibleText(text.part(0, text.length)));
    text.clear();
    prose.close(bytes, 0, 0, bytes.length, line);
  };

  const endRow = (): void => {
    isInCell = false;
    const ended = row;
    row = null;
    if (ended === null) {
      return;
    }
    if (ended.bytes > LINE_LIMIT) {
      if (ended.hasData) {
        sink.reject(ended.line, 0, 'the row is longer than 1 MiB or has more than 65,536 cells', 'a row of a table');
      }
      return;
    }
    const cells = ended.starts.map((start, index) =>
      cellText(cellBytes.part(start, ended.starts[index + 1] ?? cellBytes.length)),
    );
    if (!ended.hasData || (isFirstRow && !cells.some((cell) => DIGEST.test(cell)))) {
      table.open(cells);
    }
    if (ended.hasData) {
      table.row({ line: ended.line, column: 0, cells });
    }
    isFirstRow = false;
  };

  const openRow = (): OpenRow => {
    cellBytes.clear();
    return { line, starts: [], bytes: 0, hasData: false };
  };

  const addToCell = (bytes: Buffer, start: number, end: number): void => {
    if (row !== null) {
      row.bytes += end - start;
      if (row.bytes <= LINE_LIMIT) {
        cellBytes.add(bytes, start, end);
      }
    }
  };

  const addToLine = (bytes: Buffer, start: number, end: number): void => {
    for (let from = start; from < end;) {
      let stop = from;
      while (stop < end && !endsLine(bytes[stop] as number, text.length + stop - from)) {
        stop += 1;
      }
      if (stop > from) {
        text.add(bytes, from, stop);
      }
      if (stop < end) {
        endLine();
        line += bytes[stop] === 10 ? 1 : 0;
        // A byte that only stands beyond the limit belongs to the next line.
        stop += isBlank(bytes[stop] as number) ? 1 : 0;
      }
      from = stop;
    }
  };

  const tokenizer = createHtmlTokenizer({
    text(bytes, start, end) {
      if (isInCell || isOwn) {
        if (isInCell) {
          addToCell(bytes, start, end);
        }
        line += feedsIn(bytes, start, end);
      } else {
        addToLine(bytes, start, end);
      }
    },
    tag(name, isEnd) {
      if (name === OWN_PAGE) {
        endLine();
        endRow();
        isOwn = !isEnd;
        table.open([]);
        return;
      }
      const layout = isOwn ? ownLayoutOf(name, isEnd) : layoutOf(name, isEnd);
      if (layout === 'none') {
        return;
      }
      if (isInCell && layout === 'break') {
        addToCell(BLANK, 0, 1);
        isInCell = name !== 'td' && name !== 'th' && name !== OWN_HASH;
        return;
      }
      endLine();
      if (layout === 'end-row') {
        endRow();
        if (name === 'table') {
          isFirstRow = true;
          table.open([]);
        }
      } else if (layout !== 'break') {
        row ??= openRow();
        row.bytes += CELL_BYTES;
        if (row.bytes <= LINE_LIMIT) {
          row.starts.push(cellBytes.length);
        }
        row.hasData ||= layout === 'cell';
        isInCell = true;
      }
    },
    lineFeed() {
      line += 1;
    },
  });
  return {
    push(chunk) {
      tokenizer.push(asBuffer(chunk));
      prose.tellBlankLines();
    },
    end() {
      const isWhole = tokenizer.end();
      endLine();
      endRow();
      prose.finish();
      prose.tellBlankLines();
      if (!isWhole) {
        sink.fault('The input ends inside a tag, a comment or a script.');
      }
    },
  };
}

const BLANK = Buffer.from(' ');
/** What a cell counts for beside its text: nobody has rows of more than 65,536 of them. */
const CELL_BYTES = LINE_LIMIT / 65_536;

function endsLine(byte: number, length: number): boolean {
  return byte === 10 || (length >= LINE_SOFT_LIMIT && isBlank(byte)) || length >= LINE_HARD_LIMIT;
}

function cellText(bytes: Buffer): string {
  return visibleText(bytes).replaceAll(UNSEEN, '').replaceAll(/\s+/g, ' ').trim();
}

function feedsIn(bytes: Buffer, start: number, end: number): number {
  let feeds = 0;
  for (let at = start; at < end; at += 1) {
    feeds += bytes[at] === 10 ? 1 : 0;
  }
  return feeds;
}
