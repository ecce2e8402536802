import type { RecordCounter } from '../record-sink.ts';
import { createLineSplitter } from './split-lines.ts';
import { trimBlanks } from './trim-blanks.ts';
import { createTextCounter } from './text-counter.ts';

const HEADER_LIMIT = 4096;

/** Counts the rows below the headings of tables; what is around them counts as free text. */
export function createMarkdownCounter(): RecordCounter {
  const prose = createTextCounter();
  let rows = 0;
  let isTable = false;
  /** The line before, when it may be headings. */
  let header: string | null = null;

  const asText = (line: string): void => prose.push(Buffer.from(`${line}\n`, 'latin1'));

  const splitter = createLineSplitter(({ text, isOverlong }) => {
    const line = trimBlanks(text);
    if (isTable && !isOverlong && line.includes('|')) {
      rows += 1;
      return;
    }
    const before = header;
    header = null;
    isTable = before !== null && !isOverlong && isRule(line, trimBlanks(before));
    if (isTable) {
      asText('');
      return;
    }
    if (before !== null) {
      asText(before);
    }
    if (isOverlong) {
      rows += 1;
      return;
    }
    if (line.includes('|') && text.length <= HEADER_LIMIT) {
      header = text;
    } else {
      asText(text);
    }
  });
  return {
    push: (chunk) => splitter.push(chunk),
    end() {
      splitter.end();
      if (header !== null) {
        asText(header);
      }
      return rows + prose.end();
    },
  };
}

function isRule(line: string, header: string): boolean {
  const cells = cellsIn(line);
  return (
    line.length <= HEADER_LIMIT &&
    cells > 0 &&
    cells === cellsIn(header) &&
    line
      .replace(/^\||\|$/g, '')
      .split('|')
      .every((cell) => /^[\t ]*:?-+:?[\t ]*$/.test(cell))
  );
}

/** Bars without a backslash in front part cells; blank ones at the ends do not count. */
function cellsIn(line: string): number {
  const parts = line
    .replaceAll('\\|', '\\\u0001')
    .split('|')
    .map((part) => trimBlanks(part));
  const first = parts[0] === '' ? 1 : 0;
  const last = parts.length > first && parts.at(-1) === '' ? 1 : 0;
  return parts.length - first - last;
}
