import type { RecordCounter } from '../record-sink.ts';
import { createLineSplitter } from './split-lines.ts';
import { trimBlanks } from './trim-blanks.ts';

/** Counts the rows of `7z h`: lines that are not blank between its two lines of dashes. */
export function createSevenZipCounter(): RecordCounter {
  let records = 0;
  let state: 'outside' | 'header' | 'rows' = 'outside';
  const splitter = createLineSplitter(({ text, isOverlong }) => {
    const line = trimBlanks(text);
    if (isOverlong) {
      records += 1;
    } else if (/^-{8}[- ]*$/.test(line) && line.split(/ +/).every((dashes) => dashes.length >= 8)) {
      state = state === 'header' ? 'rows' : 'outside';
    } else if (line !== '' && state === 'rows') {
      records += 1;
    } else if (line !== '') {
      const words = line.split(/ +/);
      const isHeader = words.slice(0, -2).every((word) => /^[a-z0-9-]+$/i.test(word));
      state = isHeader && words.slice(-2).join(' ') === 'Size Name' ? 'header' : 'outside';
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
