import type { RecordCounter } from '../record-sink.ts';
import { createLineSplitter } from './split-lines.ts';
import { trimBlanks } from './trim-blanks.ts';

/**
 * Counts the files and packages of an SPDX document: sections that `FileName` or `PackageName` begins, and checksums that
 * stand outside of a section of their own.
 */
export function createSpdxCounter(): RecordCounter {
  let records = 0;
  let inside: 'nothing' | 'file' | 'package' | 'text' = 'nothing';
  let beforeText: 'nothing' | 'file' | 'package' = 'nothing';

  const splitter = createLineSplitter(({ text, isOverlong }) => {
    if (isOverlong) {
      records += 1;
      return;
    }
    if (inside === 'text') {
      inside = text.includes('</text>') ? beforeText : 'text';
      return;
    }
    const line = trimBlanks(text);
    const colon = line.indexOf(':');
    const tag = colon > 1 && colon <= 60 ? line.slice(0, colon) : '';
    const value = trimBlanks(line.slice(colon + 1));
    if (/^[a-z][a-z0-9]+$/i.test(tag) && value.startsWith('<text>') && !value.includes('</text>')) {
      beforeText = inside;
      inside = 'text';
    } else if (tag === 'FileName' || tag === 'PackageName') {
      records += 1;
      inside = tag === 'FileName' ? 'file' : 'package';
    } else if (tag === 'LicenseID' || tag === 'SnippetSPDXID' || tag === 'SnippetSPDXIdentifier') {
      inside = 'nothing';
    } else if (tag === 'FileChecksum' || tag === 'PackageChecksum') {
      const owner = tag === 'FileChecksum' ? 'file' : 'package';
      records += inside === owner ? 0 : 1;
      inside = owner;
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
