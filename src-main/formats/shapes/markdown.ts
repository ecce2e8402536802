import { createLineFeeder } from '../bytes/lines.ts';
import { columnOf, skipBlanks, textOf, trimBlanks } from '../bytes/text.ts';
import { createMarkdownCounter } from '../counters/markdown-counter.ts';
import type { Fit, Format } from '../format.ts';
import type { Head } from '../head.ts';
import { classifyName } from '../names/classify-name.ts';
import { OtherLines, rejectOverlong } from '../parts/other-lines.ts';
import { createTextLine } from '../parts/text-line.ts';
import { passingOn, type FormatReader, type RecordSink } from '../record-sink.ts';
import { DOCUMENT_COLUMNS, createTableReader } from '../tables/table-row.ts';
import { isMostlyText } from '../tables/is-mostly-text.ts';
import { linesWithDigest, namesDigests } from './text.ts';

/** The line below the headings of a table (GitHub Flavored Markdown, 4.10). */
const RULE = /^\|?[\t ]*:?-+:?[\t ]*(?:\|[\t ]*:?-+:?[\t ]*)*\|?$/;
/** Soft hyphens and the like, which part a digest and are no part of it. */
const UNSEEN = /[\u00ad\u200b-\u200d\u2060\ufeff]+/g;
/** The longest heading line. */
const HEADER_LIMIT = 4096;

/** Text in Markdown: rows of its tables are records, everything around them is read as free text. */
export const markdown: Format = {
  id: 'markdown',
  label: 'Markdown',
  probe(head) {
    const headers = head.lines.filter(
      ({ text }, index) => head.lines[index + 1] !== undefined && isTable(text, head.lines[index + 1]?.text ?? ''),
    );
    const digests = headers.length === 0 ? 0 : linesWithDigest(head);
    const names = [
      ...new Set(headers.flatMap(({ text }) => cellsOf(text).filter((cell) => classifyName(cell) !== null))),
    ];
    return digests > 0
      ? fit(
          head,
          `${headers.length === 1 ? 'a table' : `${headers.length} tables`} with the columns ${names.join(', ') || 'of its headings'}`,
          !names.some((name) => classifyName(name)?.kind === 'digest' || /hash/i.test(name)) &&
            !namesDigests(head) &&
            isMostlyText(head, openMarkdown),
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
    open: openMarkdown,
    count: createMarkdownCounter,
  };
}

interface HeldLine {
  readonly bytes: Buffer;
  readonly line: number;
}

function openMarkdown(sink: RecordSink): FormatReader {
  const table = createTableReader(sink);
  const prose = createTextLine({
    ...passingOn(sink),
    hash: (line, column, slots, [around = '']) => sink.hash(line, column, slots, ['', around]),
  });
  /** A line that may be the headings of a table. */
  let held: HeldLine | null = null;
  let isInside = false;
  const others = new OtherLines(sink);

  const asText = ({ bytes, line }: HeldLine): void => prose.close(bytes, 0, 0, bytes.length, line);

  const release = (): void => {
    if (held !== null) {
      asText(held);
      held = null;
    }
  };

  const takeLine = (bytes: Buffer, line: number): void => {
    const text = trimmed(bytes);
    if (isInside && text.includes('|')) {
      const from = skipBlanks(bytes, 0, bytes.length);
      table.row({ line, column: columnOf(bytes, 0, from), cells: cellsOf(text) });
      return;
    }
    isInside = false;
    if (held !== null && isTable(trimmed(held.bytes), text)) {
      prose.finish();
      table.open(cellsOf(trimmed(held.bytes)));
      held = null;
      isInside = true;
      others.add(2);
      return;
    }
    release();
    if (text.includes('|') && bytes.length <= HEADER_LIMIT) {
      held = { bytes: Buffer.from(bytes), line };
    } else {
      asText({ bytes, line });
    }
  };

  const feeder = createLineFeeder({
    line: (bytes, start, stop, line) => takeLine(bytes.subarray(start, stop), line),
    overlong(excerpt, line) {
      release();
      isInside = false;
      rejectOverlong(sink, excerpt, line);
    },
  });
  const reader = others.readWith(feeder, () => {
    release();
    prose.finish();
  });
  return {
    push(chunk) {
      reader.push(chunk);
      prose.tellBlankLines();
    },
    end() {
      reader.end();
      prose.tellBlankLines();
    },
  };
}

function trimmed(bytes: Buffer): string {
  const end = trimBlanks(bytes, 0, bytes.length);
  return textOf(bytes, skipBlanks(bytes, 0, end), end);
}

/** True for headings and the rule below them, with the same number of cells. */
function isTable(header: string, rule: string): boolean {
  return (
    header.includes('|') &&
    rule.includes('-') &&
    header.length <= HEADER_LIMIT &&
    rule.length <= HEADER_LIMIT &&
    RULE.test(rule) &&
    cutCells(header).length === cutCells(rule).length
  );
}

/** Cells as written: parted by bars without a backslash in front; the outer bars may be left out. */
function cutCells(row: string): string[] {
  const cells = row.split(/(?<!\\)\|/);
  if (isBlankCell(cells[0])) {
    cells.shift();
  }
  if (isBlankCell(cells.at(-1))) {
    cells.pop();
  }
  return cells;
}

function isBlankCell(cell: string | undefined): boolean {
  return cell !== undefined && /^[\t-\r ]*$/.test(cell);
}

function cellsOf(row: string): string[] {
  return cutCells(row).map((cell) =>
    cell
      .replaceAll(UNSEEN, '')
      .replaceAll(/!?\[([^\][]*)\]\([^()]*\)/g, '$1')
      .replaceAll(/<br ?\/?>/gi, ' ')
      .replaceAll(/[`*]+|(?<![0-9A-Za-z])_+|_+(?![0-9A-Za-z])/g, '')
      .replaceAll('\\|', '|')
      .trim(),
  );
}
