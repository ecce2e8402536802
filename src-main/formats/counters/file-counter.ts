import { PARAGRAPH_LIMIT, digestOfField } from '../parts/debian-file-reader.ts';
import type { RecordCounter } from '../record-sink.ts';
import { createFrameLines } from './frame-lines.ts';
import { createLineSplitter } from './split-lines.ts';
import { trimBlanks } from './trim-blanks.ts';

/**
 * Counts the files of control files: different pairs of size and name in a paragraph, lines below a checksum field that
 * are not of that shape, lines that are no field, and paragraphs that list nothing.
 */
export function createFileCounter(): RecordCounter {
  let records = 0;
  const seen = new Set<string>();
  let bytes = 0;
  let kind: 'none' | 'other' | 'md5' | 'sha1' | 'sha256' = 'none';
  let paragraph: 'none' | 'empty' | 'files' = 'none';
  const frame = createFrameLines();

  const close = (): void => {
    records += paragraph === 'empty' ? 1 : 0;
    paragraph = 'none';
    kind = 'none';
    bytes = 0;
    seen.clear();
  };

  const entry = (text: string): void => {
    if (kind === 'none') {
      return;
    }
    paragraph = paragraph === 'none' ? 'none' : 'files';
    const words = text.split(/[\t ]+/);
    const [hash = '', size = ''] = words;
    const isShaped = words.length === 1 || /^\d+$/.test(size);
    const digits = { none: 0, other: hash.length, md5: 32, sha1: 40, sha256: 64 }[kind];
    if (!isShaped || hash.length !== digits || (kind !== 'other' && !/^[0-9a-f]+$/i.test(hash))) {
      records += 1;
      return;
    }
    const name = words.length > 2 ? (words.at(-1) ?? '') : '';
    const key = `${size} ${name}`;
    records += seen.has(key) ? 0 : 1;
    seen.add(key);
    bytes += text.length;
    if (bytes > PARAGRAPH_LIMIT) {
      seen.clear();
      bytes = 0;
    }
  };

  const field = (name: string, value: string): void => {
    paragraph = paragraph === 'none' ? 'empty' : paragraph;
    const meaning = digestOfField(name);
    if (meaning?.kind === 'digest') {
      kind = meaning.digest;
    } else {
      kind = meaning?.kind === 'never' && /^sha(512|384|224)$/.test(meaning.name) ? 'other' : 'none';
    }
    if (value !== '') {
      entry(value);
    }
  };

  const splitter = createLineSplitter(({ text, isOverlong }) => {
    if (isOverlong) {
      records += 1;
      return;
    }
    const line = trimBlanks(text);
    if (line === '') {
      frame.blankLine();
      close();
    } else if (frame.isFrame(text)) {
      close();
    } else if (/^[\t-\r ]/.test(text)) {
      entry(line);
    } else {
      const match = /^([a-z0-9][\w-]{0,59}):[\t ]*(.*)$/is.exec(line);
      if (match === null) {
        records += 1;
      } else {
        field(match[1] ?? '', match[2] ?? '');
      }
    }
  });
  return {
    push: (chunk) => splitter.push(chunk),
    end() {
      splitter.end();
      close();
      return records;
    },
  };
}
