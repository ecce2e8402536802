import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BlobWriter, TextReader, ZipWriter, type ZipWriterAddDataOptions } from '@zip.js/zip.js';
import { describe, expect, test } from 'vitest';
import { readXlsxSeal } from '#main/destinations/report/xlsx/read-seal.ts';
import { writeXlsx } from '#main/destinations/report/xlsx/write-xlsx.ts';
import { writeStreamed } from '#main/destinations/write-streamed.ts';
import { temporaryDirectory } from '../../../../db/temporary-directory.ts';
import { type ContentParts, reportContent, reportRow } from '../content.ts';
import { partsOf } from './workbook-reader.ts';

const NEVER = new AbortController().signal;

async function written(parts: ContentParts = { rows: [reportRow(1)] }): Promise<{ path: string; seal: string }> {
  const path = join(temporaryDirectory(), 'report.xlsx');
  let seal = '';
  await writeStreamed(
    path,
    writeXlsx(reportContent(parts), (digits) => {
      seal = digits;
    }),
  );
  return { path, seal };
}

/** Packs these parts anew, with another program than the one that wrote them. */
async function packedAnew(
  path: string,
  parts: Iterable<readonly [string, string]>,
  more: (name: string) => ZipWriterAddDataOptions = () => ({}),
): Promise<void> {
  const zip = new ZipWriter(new BlobWriter(), { useWebWorkers: false });
  for (const [name, text] of parts) {
    await zip.add(name, new TextReader(text), more(name));
  }
  writeFileSync(path, Buffer.from(await (await zip.close()).arrayBuffer()));
}

/** Tells the bytes between the contents: times, checksums and lengths, which are no contents. */
function headersOf(bytes: Buffer): (at: number) => boolean {
  const begins = (signature: number[]): number[] => {
    const found: number[] = [];
    for (
      let at = bytes.indexOf(Buffer.from(signature));
      at !== -1;
      at = bytes.indexOf(Buffer.from(signature), at + 1)
    ) {
      found.push(at);
    }
    return found;
  };
  const local = begins([0x50, 0x4b, 3, 4]).map((at) => [at, at + 30 + bytes.readUInt16LE(at + 26)] as const);
  const sizes = begins([0x50, 0x4b, 7, 8]).map((at) => [at, at + 16] as const);
  const directory = [begins([0x50, 0x4b, 1, 2])[0] ?? bytes.length, bytes.length] as const;
  const ranges = [...local, ...sizes, directory];
  return (at) => ranges.some(([from, to]) => at >= from && at < to);
}

describe('the seal of a workbook', () => {
  test('matches what was written, whatever looks like a seal in it', async () => {
    const title = `assay-seal:${'0'.repeat(64)}`;
    for (const statement of [undefined, { title, examiner: title, caseName: '', note: title }]) {
      const { path, seal } = await written({
        rows: [reportRow(1)],
        head: statement === undefined ? {} : { statement },
      });
      expect(seal).toMatch(/^[0-9a-f]{64}$/);
      const found = await readXlsxSeal(path, () => undefined, NEVER);
      expect(found).toMatchObject({
        carried: seal,
        computed: seal,
        manifest: { rows: 1, examiner: statement?.examiner ?? 'J. Doe' },
      });
    }
  });

  test('matches parts that were only packed anew', async () => {
    const { path, seal } = await written();
    await packedAnew(path, await partsOf(readFileSync(path)));
    expect(await readXlsxSeal(path, () => undefined, NEVER)).toMatchObject({ carried: seal, computed: seal });
  });

  test('no longer matches once any part changed, came, went or moved', async () => {
    const { path, seal } = await written();
    const parts = [...(await partsOf(readFileSync(path)))];
    const changes: (readonly [string, string])[][] = [
      ...parts.map(([changed]) => parts.map(([name, text]) => [name, name === changed ? `${text} ` : text] as const)),
      [...parts, ['xl/more.xml', '<x/>']],
      parts.filter(([name]) => name !== 'xl/worksheets/sheet2.xml'),
      [...parts.slice(0, 1), ...parts.slice(2), ...parts.slice(1, 2)],
    ];
    for (const [index, change] of changes.entries()) {
      await packedAnew(path, change);
      const found = await readXlsxSeal(path, () => undefined, NEVER);
      expect(found?.carried, `change ${index}`).toBe(seal);
      expect(found?.computed, `change ${index}`).not.toBe(seal);
    }
  });

  test('shows a change where the file holds more than its parts, or others than its directory says', async () => {
    const { path, seal } = await written();
    const whole = readFileSync(path);
    const end = whole.length - 22;
    const directory = whole.readUInt32LE(end + 16);
    const shifted = (bytes: Buffer, by: number): Buffer => {
      bytes.writeUInt32LE(directory + by, bytes.length - 22 + 16);
      return bytes;
    };
    const firstSize = whole.readUInt32LE(directory + 20);
    const firstAt = 30 + whole.readUInt16LE(26);
    const edited = (at: number, value: number): Buffer => {
      const bytes = Buffer.from(whole);
      bytes.writeUInt8(value, at);
      return bytes;
    };
    const holes: Readonly<Record<string, Buffer>> = {
      'a comment': Buffer.concat([edited(end + 20, 7), Buffer.from('comment')]),
      'bytes behind': Buffer.concat([whole, Buffer.alloc(40)]),
      'bytes before the directory': shifted(
        Buffer.concat([whole.subarray(0, directory), Buffer.from('hidden'), whole.subarray(directory)]),
        6,
      ),
      'another packing in front of a part': edited(8, 0),
      'a password in front of a part': edited(6, whole.readUInt8(6) | 1),
      'a password in the directory': edited(directory + 8, whole.readUInt8(directory + 8) | 1),
      'no sizes behind a part': edited(6, 0),
      'another checksum in front of a part': edited(14, 1),
      'another size in front of a part': edited(18, 1),
      'another part of a set': edited(directory + 34, 1),
      'another checksum': edited(directory + 16, whole.readUInt8(directory + 16) ^ 1),
      'another size behind a part': edited(firstAt + firstSize + 15, 1),
    };
    for (const [hole, bytes] of Object.entries(holes)) {
      writeFileSync(path, bytes);
      const found = await readXlsxSeal(path, () => undefined, NEVER);
      expect([hole, found?.computed === seal]).toEqual([hole, false]);
    }
    writeFileSync(path, whole);
    expect(await readXlsxSeal(path, () => undefined, NEVER)).toMatchObject({ computed: seal });
  });

  test('shows a change where some readers are told another name, size or a remark of a part', async () => {
    const { path, seal } = await written();
    const parts = [...(await partsOf(readFileSync(path)))];
    const field = Uint8Array.from({ length: 20 }, () => 1);
    const changes: Readonly<Record<string, ZipWriterAddDataOptions>> = {
      'the path in Unicode': { extraField: new Map([[0x7075, field]]) },
      'sizes of 64 bits': { extraField: new Map([[0x0001, field]]) },
      'a remark': { comment: 'hidden' },
    };
    for (const [change, options] of Object.entries(changes)) {
      await packedAnew(path, parts, (name) => (name === 'xl/worksheets/sheet2.xml' ? options : {}));
      const found = await readXlsxSeal(path, () => undefined, NEVER);
      expect([change, found?.carried === seal, found?.computed === seal]).toEqual([change, true, false]);
    }
    await packedAnew(path, parts, () => ({ extendedTimestamp: true }));
    expect(await readXlsxSeal(path, () => undefined, NEVER)).toMatchObject({ carried: seal, computed: seal });
  });

  test('shows a change where bytes hide behind those a part unpacks from', async () => {
    const { path, seal } = await written();
    const whole = readFileSync(path);
    const directory = whole.readUInt32LE(whole.length - 6);
    // The part packed last, so that none of the others moves.
    const parts: number[] = [];
    for (let at = directory; whole.readUInt32LE(at) === 0x02014b50; at += 46 + whole.readUInt16LE(at + 28)) {
      parts.push(at);
    }
    const last = parts.at(-3) ?? 0;
    const next = whole.readUInt32LE((parts.at(-2) ?? 0) + 42);
    const packed = whole.readUInt32LE(last + 20);
    const bytes = Buffer.concat([whole.subarray(0, next - 16), Buffer.from('hidden'), whole.subarray(next - 16)]);
    bytes.writeUInt32LE(packed + 6, next - 16 + 6 + 8);
    bytes.writeUInt32LE(packed + 6, last + 6 + 20);
    for (const part of parts.slice(-2)) {
      bytes.writeUInt32LE(bytes.readUInt32LE(part + 6 + 42) + 6, part + 6 + 42);
    }
    bytes.writeUInt32LE(directory + 6, bytes.length - 6);
    writeFileSync(path, bytes);
    const found = await readXlsxSeal(path, () => undefined, NEVER);
    expect(found).toMatchObject({ carried: seal });
    expect(found?.computed).not.toBe(seal);
  });

  test('shows a change where only a copy of the seal is left', async () => {
    const { path, seal } = await written();
    const parts = [...(await partsOf(readFileSync(path)))].filter(([name]) => name !== 'assay/manifest.json');
    await packedAnew(path, parts);
    const found = await readXlsxSeal(path, () => undefined, NEVER);
    expect(found).toMatchObject({ carried: seal, manifest: null });
    expect(found?.computed).not.toBe(seal);
  });

  test('shows a change wherever contents are damaged', async () => {
    const { path } = await written();
    const whole = readFileSync(path);
    const isHeader = headersOf(whole);
    for (let at = 0; at < whole.length; at += 131) {
      const changed = Buffer.from(whole);
      changed.writeUInt8(changed.readUInt8(at) ^ 0x10, at);
      writeFileSync(path, changed);
      const found = await readXlsxSeal(path, () => undefined, NEVER);
      expect(isHeader(at) || found === null || found.carried !== found.computed, `byte ${at}`).toBe(true);
    }
    for (const length of [0, 1, 21, 22, 100, whole.length - 1]) {
      writeFileSync(path, whole.subarray(0, length));
      expect(await readXlsxSeal(path, () => undefined, NEVER), `${length} bytes`).toBeNull();
    }
  });

  test('is missing in any other zip file, and what pretends to be small is not unpacked further', async () => {
    const path = join(temporaryDirectory(), 'other.zip');
    await packedAnew(path, [['a.txt', 'a']]);
    expect(await readXlsxSeal(path, () => undefined, NEVER)).toBeNull();
    const { path: report, seal } = await written({ rows: Array.from({ length: 300 }, (_, seed) => reportRow(seed)) });
    const bytes = readFileSync(report);
    const directory = bytes.indexOf(Buffer.from('xl/worksheets/sheet2.xml'), bytes.readUInt32LE(bytes.length - 6));
    bytes.writeUInt32LE(10, directory - 46 + 24);
    writeFileSync(report, bytes);
    const found = await readXlsxSeal(report, () => undefined, NEVER);
    expect(found?.carried).toBe(seal);
    expect(found?.computed).not.toBe(seal);
    bytes.writeUInt32LE(bytes.length, directory - 46 + 20);
    writeFileSync(report, bytes);
    expect(await readXlsxSeal(report, () => undefined, NEVER)).toBeNull();
  });

  test('can be cancelled', async () => {
    const { path } = await written();
    await expect(readXlsxSeal(path, () => undefined, AbortSignal.abort(new Error('stopped')))).rejects.toThrow(
      'stopped',
    );
  });
});
