import { type ByteSource, MemberFault } from '../port.ts';

const MARK = 'd0cf11e0a1b11ae1';
const HEADER_BYTES = 512;
const ENTRY_BYTES = 128;
/** Streams of a workbook stand in the first sectors of its directory. */
const MOST_SECTORS = 64;
/** Sector numbers from here on end a chain. */
const LAST_SECTOR = 0xfffffffa;

const ASK_FOR = 'save it as .xlsx or CSV and drop that';

/** What an old Office file is: a workbook behind a password, a workbook of Excel 97–2003 or older, or something else. */
export type OleKind = 'encrypted-workbook' | 'old-workbook' | 'other';

/**
 * Says what an OLE compound file holds, by the names of its streams; null when it is none. An encrypted document may be a
 * text as well: nothing outside tells. Reads a few sectors; damage gives `other`.
 * Layout: [MS-CFB] 2.2, 2.6; streams: [MS-OFFCRYPTO] 2.3.4.4, [MS-XLS] 2.1.2.
 */
export async function oleKind(source: ByteSource): Promise<OleKind | null> {
  const header = Buffer.from(await source.read(0, HEADER_BYTES));
  if (header.toString('hex', 0, 8) !== MARK) {
    return null;
  }
  const names = header.length < HEADER_BYTES ? [] : await streamNames(source, header);
  if (names.includes('encryptedpackage')) {
    return 'encrypted-workbook';
  }
  return names.includes('workbook') || names.includes('book') ? 'old-workbook' : 'other';
}

/** Throws a `MemberFault` that says what to do when the source is an OLE compound file. */
export async function refuseOle(source: ByteSource): Promise<void> {
  const kind = await oleKind(source);
  if (kind === 'encrypted-workbook') {
    throw new MemberFault(
      'damaged',
      `it is encrypted with a password in the way of Office, which is not opened: ${ASK_FOR}, or remove the password in Excel`,
    );
  }
  if (kind === 'old-workbook') {
    throw new MemberFault('damaged', `it is a workbook of Excel 2003 or older (.xls), which is not read: ${ASK_FOR}`);
  }
  if (kind === 'other') {
    throw new MemberFault('damaged', `it is an OLE file and no .xlsx workbook: where it holds a table, ${ASK_FOR}`);
  }
}

async function streamNames(source: ByteSource, header: Buffer): Promise<readonly string[]> {
  const sectorBytes = header.readUInt16LE(30) === 12 ? 4096 : 512;
  const sectorAt = (sector: number): number => (sector + 1) * sectorBytes;
  const perTable = sectorBytes / 4;
  const names: string[] = [];
  let sector = header.readUInt32LE(48);
  for (let count = 0; count < MOST_SECTORS && sector < LAST_SECTOR; count += 1) {
    const entries = Buffer.from(await source.read(sectorAt(sector), sectorBytes));
    for (let at = 0; at + ENTRY_BYTES <= entries.length; at += ENTRY_BYTES) {
      const length = entries.readUInt16LE(at + 64);
      names.push(entries.toString('utf16le', at, at + Math.min(64, Math.max(0, length - 2))).toLowerCase());
    }
    const table = Math.floor(sector / perTable);
    const tableSector = table < 109 ? header.readUInt32LE(76 + table * 4) : LAST_SECTOR;
    if (tableSector >= LAST_SECTOR) {
      break;
    }
    const next = Buffer.from(await source.read(sectorAt(tableSector) + (sector % perTable) * 4, 4));
    sector = next.length === 4 ? next.readUInt32LE(0) : LAST_SECTOR;
  }
  return names;
}
