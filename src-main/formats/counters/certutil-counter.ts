import type { RecordCounter } from '../record-sink.ts';
import { createLineSplitter } from './split-lines.ts';
import { trimBlanks } from './trim-blanks.ts';

/**
 * Counts blocks: a line that names an algorithm and ends with a colon is one record together with the hex line behind
 * it; a hex line alone and any other line that is neither blank nor certutil's own is one too.
 */
export function createCertutilCounter(): RecordCounter {
  let records = 0;
  let afterHeader = false;
  const splitter = createLineSplitter(({ text, isOverlong }) => {
    const line = trimBlanks(text);
    if (isOverlong) {
      records += 1;
      afterHeader = false;
    } else if (line !== '') {
      const isOwn = /^certutil[\t ]*:/i.test(line) || isPrompt(line);
      const digits = line.replaceAll(' ', '');
      const isHex =
        !isOwn &&
        /^[0-9a-f]{16,}$/i.test(digits) &&
        (digits === line || line.split(' ').every((byte) => byte.length === 2));
      records += isOwn || (isHex && afterHeader) ? 0 : 1;
      // A full-width colon is three bytes here.
      afterHeader = !isOwn && !isHex && /(:|\u00ef\u00bc\u009a)$/.test(line) && /\b(md[245]|sha-?\d+)\b/i.test(line);
    }
  });
  return {
    push: (chunk) => splitter.push(chunk),
    end() {
      splitter.end();
      return records;
    },
  };
}

/** A command line, shown with what it printed. */
function isPrompt(line: string): boolean {
  const [before] = /^.*?certutil(\.exe)?["']?[\t ]/is.exec(line) ?? [];
  return before !== undefined && line.toLowerCase().includes('hashfile', before.length);
}
