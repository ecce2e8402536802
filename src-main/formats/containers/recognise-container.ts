import type { ByteSource } from './port.ts';
import { findContainer, type ContainerKind } from './registry.ts';
import { oleKind, type OleKind } from './xlsx/ole.ts';
import { directoryNames } from './zip/directory-names.ts';

/** What kind of container some bytes are, and when it is opened. */
export interface ContainerRecognition {
  readonly kind: ContainerKind;
  /**
   * `always`: what it holds is what was dropped. `with-digests`: only when its text holds a digest. `asked`: it is a
   * program or a document and a sample by itself. `alone`: nothing of it can be read; dropped by itself, its input says so.
   */
  readonly opens: 'always' | 'with-digests' | 'asked' | 'alone';
  /** A sentence part for people: what it was recognised by. */
  readonly why: string;
}

/** First bytes that are enough to suspect a container. */
export const MARK_BYTES = 1_024;

const ZIP_MARKS = ['504b0304', '504b0506', '504b0708'];
/** Of OLE files, which older and encrypted workbooks are. */
const OLE_MARK = 'd0cf11e0a1b1';
/** What any mark can begin with: P, 7, %, that of OLE, a BOM, blanks. Most members of an archive begin otherwise. */
const FIRST_BYTES = new Set(Buffer.from('P7%\xd0\xef \t\n\v\f\r\xa0', 'latin1'));
const SEVEN_ZIP_MARK = '377abcaf271c';
/** Programs in a browser number it anew when they store it. */
const WORKBOOK = /^xl\/workbook\d*\.xml$/;
const BINARY_WORKBOOK = 'xl/workbook.bin';
/** Members that only documents, programs and packages have: each of them is one file to whoever uses it. */
const PACKAGE_MARKS: readonly (readonly [name: string, what: string])[] = [
  ['[Content_Types].xml', 'it is an Office document or package'],
  ['META-INF/MANIFEST.MF', 'it is a Java program'],
  ['AndroidManifest.xml', 'it is an Android program'],
];

/** True when the first bytes (MARK_BYTES of them, or all there are) may begin a container Assay can open. */
export function mayBeContainer(head: Uint8Array): boolean {
  return kindId(head) !== null;
}

/** What the first bytes look like, for people; null when they begin no container. The rest may say otherwise. */
export function likelyContainer(head: Uint8Array): string | null {
  const id = kindId(head);
  return id === null ? null : (LIKELY[id] ?? findContainer(id)?.label ?? null);
}

/** Kinds the first bytes alone do not tell apart. */
const LIKELY: Readonly<Record<string, string>> = { zip: 'Zip archive or document', ole: 'Office document' };

/**
 * Says what kind of container `source` holds, by content alone; null when it is none Assay can open. Reads its beginning
 * and, of a zip file, the list of members. Rejects only when the source does.
 */
export async function recogniseContainer(source: ByteSource): Promise<ContainerRecognition | null> {
  const id = kindId(await source.read(0, MARK_BYTES));
  if (id === 'zip') {
    return recogniseZip(await directoryNames(source));
  }
  if (id === 'ole') {
    return recogniseOle(await oleKind(source));
  }
  const kind = id === null ? null : findContainer(id);
  return kind === null ? null : { kind, opens: opensAs(kind), why: `its content begins like a ${kind.label}` };
}

/**
 * True when `source` can be opened as the kind somebody asked for: its content is of that kind, or it is a zip file
 * underneath, such as a document, a program that unpacks itself, or anything else with a zip archive at its end.
 */
export async function canBe(kind: ContainerKind, source: ByteSource): Promise<boolean> {
  const found = await recogniseContainer(source);
  return found?.kind === kind || (kind.id === 'zip' && (await directoryNames(source)).length > 0);
}

function opensAs(kind: ContainerKind): 'always' | 'with-digests' {
  return kind.holds === 'archive' ? 'always' : 'with-digests';
}

function kindId(head: Uint8Array): string | null {
  if (!FIRST_BYTES.has(head[0] ?? 0)) {
    return null;
  }
  const bytes = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, MARK_BYTES));
  const hex = bytes.toString('hex', 0, 6);
  if (ZIP_MARKS.some((mark) => hex.startsWith(mark))) {
    return 'zip';
  }
  if (hex === SEVEN_ZIP_MARK) {
    return findContainer('7z')?.id ?? null;
  }
  if (hex === OLE_MARK) {
    return 'ole';
  }
  // Only blanks and a BOM before the mark: text that merely names it is a list like any other.
  return /^(?:\u00ef\u00bb\u00bf)?\s*%PDF-/.test(bytes.toString('latin1')) ? (findContainer('pdf')?.id ?? null) : null;
}

function recogniseOle(ole: OleKind | null): ContainerRecognition | null {
  const sheets = findContainer('xlsx');
  return sheets === null || ole === null || ole === 'other'
    ? null
    : { kind: sheets, opens: 'alone', why: ole === 'old-workbook' ? 'it is an old workbook' : 'it is encrypted' };
}

function recogniseZip(names: readonly string[]): ContainerRecognition | null {
  const zip = findContainer('zip');
  if (zip === null) {
    return null;
  }
  const sheets = findContainer('xlsx');
  if (sheets !== null && names.includes('[Content_Types].xml') && names.some((name) => WORKBOOK.test(name))) {
    return { kind: sheets, opens: 'with-digests', why: 'it is a workbook' };
  }
  if (sheets !== null && names.includes(BINARY_WORKBOOK)) {
    return { kind: sheets, opens: 'alone', why: 'it is a binary workbook' };
  }
  const mark = PACKAGE_MARKS.find(([name]) => names.includes(name));
  const what = mark?.[1] ?? (names[0] === 'mimetype' ? 'it is an OpenDocument or EPUB file' : null);
  return what === null
    ? { kind: zip, opens: 'always', why: 'its content is a zip archive' }
    : { kind: zip, opens: 'asked', why: what };
}
