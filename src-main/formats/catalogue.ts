import { CONTAINERS } from './containers/registry.ts';
import { FORMATS } from './registry.ts';

/** A format as people choose it. */
export interface FormatEntry {
  readonly id: string;
  readonly label: string;
  /** `list`: lines or records that hold hashes. `container`: files, sheets or text, each read by itself. */
  readonly kind: 'list' | 'container';
  /** What writes it and what is taken from it. */
  readonly what: string;
  /** The beginning of one, on one line; '' for what is no text. */
  readonly example: string;
}

/** Every format that can be asked for, in the order a chooser shows them: lists first, then what holds them. */
export function formatCatalogue(): readonly FormatEntry[] {
  return [
    ...FORMATS.map(({ id, label }) => ({ id, label, kind: 'list' as const, ...describe(id) })),
    ...CONTAINERS.map(({ id, label }) => ({ id, label, kind: 'container' as const, ...describe(id) })),
  ];
}

function describe(id: string): { readonly what: string; readonly example: string } {
  const [what = '', example = ''] = ABOUT[id] ?? [];
  return { what, example };
}

const MD5 = '44d88612fea8a8f36de82e1278abb02f';
const SHA1 = '3395856ce81f2b7382dee72602f798b642f14140';

const ABOUT: Readonly<Record<string, readonly [what: string, example?: string]>> = {
  list: ['a hash at the start of each line; what follows is kept as a note', `${MD5}  seen on host 12`],
  csv: ['commas between cells; columns of hashes by header or content', 'name,md5,sha256'],
  tsv: ['tabs between cells, as copied from a spreadsheet', 'name<tab>md5<tab>sha256'],
  ssv: ['semicolons between cells', 'name;md5;sha256'],
  psv: ['bars between cells', 'name|md5|sha256'],
  openioc: ['indicators of OpenIOC 1.0 and 1.1', '<ioc xmlns="http://schemas.mandiant.com/2010/ioc">'],
  'file-xml': [
    'CycloneDX, Digital Forensics XML, Metalink and FCIV as XML',
    '<bom xmlns="http://cyclonedx.org/schema/bom/1.6">',
  ],
  spdx: ['SPDX as tags and values: files and packages with their checksums', 'SPDXVersion: SPDX-2.3'],
  stix: ['STIX 2.0 and 2.1: patterns, observables and files', '{"type":"bundle","objects":['],
  misp: ['MISP events, objects and attributes; deleted ones are no indicators', '{"Event":{"Attribute":['],
  json: ['JSON and JSON Lines of any shape; keys say which values are hashes', '{"sha256":"…","path":"…"}'],
  hashdeep: ['hashdeep and md5deep: columns named by the header', '%%%% size,md5,sha256,filename'],
  certutil: ['certutil -hashfile of Windows, also with spaced bytes', 'MD5 hash of file.exe:'],
  'event-text': ['Sysmon and other events as text', `Hashes: MD5=${MD5},SHA256=…`],
  'event-xml': ['Windows events as XML', '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event">'],
  'get-filehash-table': ['Get-FileHash of PowerShell, as a table', 'Algorithm       Hash                 Path'],
  'get-filehash-list': ['Get-FileHash | Format-List', 'Algorithm : SHA256'],
  'package-index': ['Packages of a Debian archive', 'Package: hello'],
  'debian-files': ['Sources, Release, .changes, .dsc and .buildinfo of Debian', 'Checksums-Sha256:'],
  bsd: ['BSD tools, sha256sum --tag', `MD5 (file.exe) = ${MD5}`],
  openssl: ['openssl dgst', `MD5(file.exe)= ${MD5}`],
  html: ['tables and text of a web page', '<table><tr><td>…</td></tr></table>'],
  markdown: ['tables and text of Markdown', '| file | sha256 |'],
  rhash: ['RHash with several hashes, and SFV files', `file.exe ${MD5} ${SHA1}`],
  'seven-zip': ['7z h', 'SHA256              Size  Name'],
  fciv: ['File Checksum Integrity Verifier of Microsoft', `${MD5} ${SHA1} c:\\file.exe`],
  clamav: [
    'hash signatures of ClamAV: .hdb and .hsb name files; sections in .mdb and .msb are set aside',
    `${MD5}:68:Eicar-Test`,
  ],
  'clamav-imp': ['import hashes of ClamAV, .imp: named like .hdb, but of no file', `${MD5}:120:Win.Test`],
  gnu: ['md5sum, sha1sum, sha256sum', `${MD5}  file.exe`],
  text: ['any text: mails, reports, logs; hashes wherever they stand, also defanged or broken', 'Seen with hash …'],
  zip: ['every file inside is a list or a sample; encrypted ones need a password'],
  '7z': ['every file inside is a list or a sample; encrypted ones need a password'],
  xlsx: ['every sheet of a workbook is a list'],
  pdf: ['the text of a PDF'],
};
