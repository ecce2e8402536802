import type { IntakePreview, PreviewRow, Reading } from '#shared/contract/intake.ts';
import { DIGEST_BIT, DIGEST_KINDS } from '#shared/domain/hash.ts';
import { HEAD_BYTES } from '../../../../formats/recognise.ts';
import type { Recognition } from '../../../../formats/recognition.ts';
import type { DigestSlots, RecordSink } from '../../../../formats/record-sink.ts';
import type { FormatTools } from '../formats.ts';

/** Rows shown, and how much of each. */
const MOST_ROWS = 20;
const MOST_CELLS = 60;
const MOST_COLUMNS = 500;
const LONGEST_CELL = 200;

/** How an input is looked at. */
export interface Look {
  readonly reading: Pick<Reading, 'format' | 'digestColumns'>;
  readonly formats: FormatTools;
  /** Null where its content decides. */
  readonly isList: boolean | null;
  /** At most so many; `MOST_ROWS` unless told. */
  readonly rows?: number;
}

/**
 * How the beginning of an input would be read: its format, columns and first rows. At most the first 256 KiB of text are
 * looked at; nothing is kept. Rejects with INVALID_ARGUMENT for a column that is not there, and with the source's error
 * when it cannot be read.
 */
export async function previewInput(
  name: string,
  source: AsyncIterable<Uint8Array>,
  look: Look,
): Promise<IntakePreview> {
  const decoded = look.formats.decode(source);
  const { bytes, isWhole } = await beginning(decoded.chunks);
  const { format, digestColumns } = look.reading;
  const recognition = look.formats.recognise(bytes, isWhole, {
    name,
    ...(format === undefined ? {} : { format }),
    ...(digestColumns === undefined ? {} : { digestColumns }),
  });
  const isList = look.isList ?? recognition.isList;
  const read = isList ? readRows(recognition, bytes, isWhole, look.rows ?? MOST_ROWS) : NOT_READ;
  return {
    name,
    format: recognition.format,
    formatLabel: recognition.label,
    why: recognition.why,
    encoding: decoded.info().encoding,
    isList,
    alternatives: recognition.alternatives.map(({ format: id, label }) => ({ format: id, label })),
    columns: (recognition.table?.columns ?? []).slice(0, MOST_COLUMNS).map((column) => ({
      ...column,
      name: column.name.slice(0, LONGEST_CELL),
    })),
    carriedColumns: recognition.carriedColumns.slice(0, MOST_CELLS).map((column) => column.slice(0, LONGEST_CELL)),
    ...read,
    inside: null,
    bytes: bytes.length,
    isWhole,
  };
}

/** Records of what is not read. */
export const NOT_READ: Pick<IntakePreview, 'rows' | 'counts'> = {
  rows: [],
  counts: { hashed: 0, without: 0, rejected: 0, otherLines: 0 },
};

function readRows(
  recognition: Recognition,
  bytes: Uint8Array,
  isWhole: boolean,
  most: number,
): Pick<IntakePreview, 'rows' | 'counts'> {
  const rows: PreviewRow[] = [];
  const counts = { hashed: 0, without: 0, rejected: 0, otherLines: 0 };
  const keep = (line: number, make: () => Omit<PreviewRow, 'line' | 'cells'>): void => {
    if (rows.length < most) {
      const cells = recognition.table?.cells(line) ?? [];
      rows.push({ line, cells: cells.slice(0, MOST_CELLS).map(shortened), ...make() });
    }
  };
  const hash: RecordSink['hash'] = (line, column, slots, carried) => {
    counts.hashed += 1;
    keep(line, () => ({
      ...EMPTY,
      kind: 'hash',
      column,
      digests: digestsOf(slots),
      carried: carried.slice(0, MOST_CELLS).map(shortened),
    }));
  };
  const sink: RecordSink = {
    hash,
    another: hash,
    without(line, reason, excerpt) {
      counts.without += 1;
      keep(line, () => ({ ...EMPTY, kind: 'without-hash', reason, excerpt }));
    },
    reject(line, column, reason, excerpt) {
      counts.rejected += 1;
      keep(line, () => ({ ...EMPTY, kind: 'rejected', column, reason, excerpt }));
    },
    notDigest: () => undefined,
    otherLines(count) {
      counts.otherLines += count;
    },
    // Of a beginning alone, that it ends early is no news.
    fault: () => undefined,
  };
  const reader = recognition.open(sink);
  reader.push(isWhole ? bytes : bytes.subarray(0, lastWholePlace(bytes)));
  reader.end();
  return { rows: rows.sort((left, right) => left.line - right.line), counts };
}

const EMPTY = { column: 0, digests: [], carried: [], reason: '', excerpt: '' };

function digestsOf(slots: DigestSlots): PreviewRow['digests'] {
  return DIGEST_KINDS.filter((kind) => (slots.mask & DIGEST_BIT[kind]) !== 0).map((kind) => ({
    kind,
    hash: Buffer.from(slots[kind]).toString('hex'),
  }));
}

/** A cell or line as a preview shows it. */
export function shortened(cell: string): string {
  return cell.length > LONGEST_CELL ? `${cell.slice(0, LONGEST_CELL - 1)}…` : cell;
}

/** Behind the last line that is whole, or at least behind the last word: half a digest may have the length of another. */
function lastWholePlace(bytes: Uint8Array): number {
  const feed = bytes.lastIndexOf(10);
  if (feed >= 0) {
    return feed + 1;
  }
  let at = bytes.length;
  while (at > 0 && isWordByte(bytes[at - 1] ?? 0)) {
    at -= 1;
  }
  return at;
}

function isWordByte(byte: number): boolean {
  return (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122) || byte >= 0x80;
}

/** Ends the source as soon as enough has come. */
async function beginning(
  chunks: AsyncIterable<Uint8Array>,
): Promise<{ readonly bytes: Uint8Array; readonly isWhole: boolean }> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    size += chunk.length;
    if (size > HEAD_BYTES) {
      return { bytes: Buffer.concat(parts).subarray(0, HEAD_BYTES), isWhole: false };
    }
  }
  return { bytes: Buffer.concat(parts), isWhole: true };
}
