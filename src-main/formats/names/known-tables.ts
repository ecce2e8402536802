import { nameInParts } from './classify-name.ts';

/** Tables told by columns that only they have together; the names are in parts. */
const TABLES: readonly { readonly label: string; readonly columns: readonly string[] }[] = [
  { label: 'Autoruns', columns: ['entry-location', 'launch-string', 'pesha1', 'pesha256'] },
  { label: 'NSRLFile.txt', columns: ['sha1', 'file-name', 'product-code', 'op-system-code', 'special-code'] },
  { label: 'MalwareBazaar', columns: ['first-seen-utc', 'sha256-hash', 'reporter', 'file-type-guess'] },
  { label: 'sigcheck', columns: ['path', 'verified', 'pesha1', 'pe256', 'sha256'] },
  { label: 'URLhaus payloads', columns: ['firstseen', 'url', 'filetype', 'md5', 'sha256', 'signature'] },
];

/** What a table is known as, by the names of its columns, or null. Only shown: columns are chosen by name and content. */
export function knownTable(names: readonly string[]): string | null {
  const parts = new Set(names.map(nameInParts));
  return TABLES.find(({ columns }) => columns.every((column) => parts.has(column)))?.label ?? null;
}
