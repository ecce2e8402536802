import { type NameMeaning, classifyName, nameInParts } from './classify-name.ts';

interface KnownTable {
  readonly label: string;
  readonly columns: readonly string[];
  /** What digests of its columns are counted under, when they are none of files. */
  readonly setAside?: string;
}

/** Tables told by columns that only they have together; the names are in parts. */
const TABLES: readonly KnownTable[] = [
  // https://sslbl.abuse.ch/blacklist/: fingerprints of certificates.
  { label: 'SSLBL', columns: ['listingdate', 'sha1', 'listingreason'], setAside: 'certificate hash' },
  { label: 'Autoruns', columns: ['entry-location', 'launch-string', 'pesha1', 'pesha256'] },
  { label: 'NSRLFile.txt', columns: ['sha1', 'file-name', 'product-code', 'op-system-code', 'special-code'] },
  { label: 'MalwareBazaar', columns: ['first-seen-utc', 'sha256-hash', 'reporter', 'file-type-guess'] },
  { label: 'sigcheck', columns: ['path', 'verified', 'pesha1', 'pe256', 'sha256'] },
  { label: 'URLhaus payloads', columns: ['firstseen', 'url', 'filetype', 'md5', 'sha256', 'signature'] },
];

/** What a table is known as, by the names of its columns, or null. Only shown: columns are chosen by name and content. */
export function knownTable(names: readonly string[]): string | null {
  return tableOf(names)?.label ?? null;
}

/** What the columns of a table say, by their names: that of a digest is another one where the table is known for it. */
export function meaningsOf(names: readonly string[]): (NameMeaning | null)[] {
  const setAside = tableOf(names)?.setAside;
  return names.map((name) => {
    const meaning = name === '' ? null : classifyName(name);
    return setAside !== undefined && meaning?.kind === 'digest' ? { kind: 'never', name: setAside } : meaning;
  });
}

function tableOf(names: readonly string[]): KnownTable | null {
  const parts = new Set(names.map(nameInParts));
  return TABLES.find(({ columns }) => columns.every((column) => parts.has(column))) ?? null;
}
