import { createFileCounter } from '../counters/file-counter.ts';
import type { Fit, Format } from '../format.ts';
import type { Head } from '../head.ts';
import { FILE_COLUMNS, digestOfField, openDebianFiles } from '../parts/debian-file-reader.ts';

const FIELD = /^([A-Za-z0-9][\w-]{0,59}):[\t ]*(.*)$/s;
const ENTRY = /^[0-9a-f]{32,128}[\t ]+\d+(?:[\t ]+\S+)*$/i;
/** Share of lines that must be fields or stand below one. */
const ENOUGH = 0.8;

/**
 * Control files that list files below a field of their algorithm, as `hash size name`: `Sources`, `Release` and
 * `InRelease`, `.changes`, `.dsc`, `.buildinfo` and the index of package differences (deb-changes(5), dsc(5),
 * https://wiki.debian.org/DebianRepository/Format).
 */
export const debianFiles: Format = {
  id: 'debian-files',
  label: 'Debian Sources, Release or .changes',
  probe(head) {
    const fields = filledFields(head);
    const signature = head.lines.find(({ text }) => text.startsWith('-----BEGIN PGP SIGNATURE'))?.line ?? Infinity;
    const lines = head.records.filter(({ line }) => line < signature);
    const shaped = lines.filter(
      ({ text, start }) => FIELD.test(text) || head.bytes[start] === 32 || head.bytes[start] === 9,
    ).length;
    return fields.length > 0 && shaped >= lines.length * ENOUGH
      ? fit(head, `below ${fields.join(', ')} stand lines “hash size name”`)
      : null;
  },
  assume: (head) => fit(head, 'asked for'),
};

function fit(head: Head, why: string): Fit {
  return {
    why,
    digests: head.lines.filter(({ text }) => ENTRY.test(text)).length,
    carriedColumns: FILE_COLUMNS,
    digestColumns: filledFields(head),
    open: openDebianFiles,
    count: createFileCounter,
  };
}

/** Fields of algorithms that are looked up, with at least one file below. */
function filledFields(head: Head): string[] {
  const names = head.lines.flatMap(({ text, start }, index) => {
    const isIndented = head.bytes[start] === 32 || head.bytes[start] === 9;
    const [, name = '', value = ''] = isIndented ? [] : (FIELD.exec(text) ?? []);
    const below = head.lines[index + 1]?.text ?? '';
    return digestOfField(name)?.kind === 'digest' && value === '' && ENTRY.test(below) ? [name] : [];
  });
  return [...new Set(names)];
}
