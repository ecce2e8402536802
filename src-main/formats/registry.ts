import type { Format } from './format.ts';
import { getFileHashList, packageIndex } from './shapes/blocks.ts';
import { clamav, clamavImports } from './shapes/clamav.ts';
import { certutil } from './shapes/certutil.ts';
import { debianFiles } from './shapes/debian-files.ts';
import { csv, psv, ssv, tsv } from './shapes/delimited.ts';
import { eventText } from './shapes/event-text.ts';
import { eventXml } from './shapes/event-xml.ts';
import { fciv } from './shapes/fciv.ts';
import { fileXml } from './shapes/file-xml.ts';
import { getFileHashTable } from './shapes/get-filehash-table.ts';
import { gnu } from './shapes/gnu.ts';
import { hashdeep } from './shapes/hashdeep.ts';
import { json } from './shapes/json.ts';
import { html } from './shapes/html.ts';
import { list } from './shapes/list.ts';
import { misp } from './shapes/misp.ts';
import { openioc } from './shapes/openioc.ts';
import { markdown } from './shapes/markdown.ts';
import { rhash } from './shapes/rhash.ts';
import { stix } from './shapes/stix.ts';
import { spdx } from './shapes/spdx.ts';
import { sevenZip } from './shapes/seven-zip.ts';
import { bsd, openssl } from './shapes/tagged.ts';
import { text } from './shapes/text.ts';

/** Shapes with a mark of their own, in the order they are tried. */
export const NAMED_FORMATS: readonly Format[] = [
  openioc,
  fileXml,
  spdx,
  stix,
  misp,
  json,
  hashdeep,
  certutil,
  eventText,
  eventXml,
  getFileHashTable,
  getFileHashList,
  packageIndex,
  debianFiles,
  bsd,
  openssl,
  html,
  markdown,
  rhash,
  sevenZip,
  fciv,
  clamav,
  clamavImports,
  gnu,
];
export const DELIMITED_FORMATS: readonly Format[] = [csv, tsv, ssv, psv];
export const LIST_FORMAT = list;
export const TEXT_FORMAT = text;

const ALL: readonly Format[] = [LIST_FORMAT, ...DELIMITED_FORMATS, ...NAMED_FORMATS, TEXT_FORMAT];

/** Every format that can be asked for, in the order a chooser shows them. */
export const FORMATS: readonly { readonly id: string; readonly label: string }[] = ALL.map(({ id, label }) => ({
  id,
  label,
}));

export function findFormat(id: string): Format | null {
  return ALL.find((format) => format.id === id) ?? null;
}
