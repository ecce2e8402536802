import type { IntakeFile } from '../intake-file.ts';
import { kindsOfMask } from '../intake-columns.ts';
import { DIGEST_BYTES } from '#shared/domain/hash.ts';

/** Bytes searched at a time. */
const PART_BYTES = 1 << 20;

/**
 * Entries in which `text` occurs: in one of their digests as hex, in a carried cell of any of their occurrences, or, of
 * several inputs, in the name of one they occur in, ignoring the case of ASCII letters. Returns one byte per entry, 1 where found.
 */
export function searchEntries(file: IntakeFile, text: string): Uint8Array {
  const found = new Uint8Array(file.entries);
  if (/^[0-9a-f]{1,64}$/i.test(text)) {
    searchDigests(file, text.toLowerCase(), found);
  }
  if (file.inputs.length > 1) {
    searchInputs(file, lowered(Buffer.from(text, 'utf8')), found);
  }
  if (file.carriedAt !== null) {
    searchCarried(file, file.carriedAt, lowered(Buffer.from(text, 'utf8')), found);
  }
  return found;
}

function searchInputs(file: IntakeFile, needle: Uint8Array, found: Uint8Array): void {
  const { inputs, occEntry } = file;
  inputs.forEach(({ view, firstOccurrence }, place) => {
    if (Buffer.from(lowered(Buffer.from(view.name, 'utf8'))).includes(needle)) {
      const end = inputs[place + 1]?.firstOccurrence ?? occEntry.length;
      for (let occurrence = firstOccurrence; occurrence < end; occurrence += 1) {
        found[occEntry[occurrence] as number] = 1;
      }
    }
  });
}

function searchDigests(file: IntakeFile, needle: string, found: Uint8Array): void {
  const source = file.source();
  file.groups.forEach((group, index) => {
    const digit = group.stride * 2;
    const ends = digestEnds(group.mask);
    const perPart = Math.max(1, Math.floor(PART_BYTES / group.stride));
    const base = file.firstEntryOf(index);
    for (let from = 0; from < group.count; from += perPart) {
      const block = source.read(index, from, Math.min(perPart, group.count - from));
      const hex = Buffer.from(block.buffer, block.byteOffset, block.byteLength).toString('hex');
      let at = hex.indexOf(needle);
      while (at !== -1) {
        const place = Math.floor(at / digit);
        const inEntry = at - place * digit;
        // The digest the hit starts in.
        const end = ends.find((candidate) => candidate > inEntry) ?? digit;
        if (inEntry + needle.length <= end) {
          found[base + from + place] = 1;
          at = hex.indexOf(needle, (place + 1) * digit);
        } else {
          // Ran over the end of a digest: no hit, look one digit on.
          at = hex.indexOf(needle, at + 1);
        }
      }
    }
  });
}

/** Where each digest of an entry ends, in hex digits. */
function digestEnds(mask: number): number[] {
  let end = 0;
  return kindsOfMask(mask).map((kind) => {
    end += DIGEST_BYTES[kind] * 2;
    return end;
  });
}

function searchCarried(file: IntakeFile, at: Float64Array, needle: Uint8Array, found: Uint8Array): void {
  const { occEntry } = file;
  let buffer = Buffer.alloc(PART_BYTES);
  let folded = Buffer.alloc(PART_BYTES);
  let occurrence = 0;
  while (occurrence < occEntry.length) {
    const from = at[occurrence] as number;
    let end = occurrence + 1;
    while (end < occEntry.length && (at[end + 1] as number) - from <= PART_BYTES) {
      end += 1;
    }
    const size = (at[end] as number) - from;
    if (size > buffer.length) {
      buffer = Buffer.alloc(size);
      folded = Buffer.alloc(size);
    }
    file.carriedBytes(from, from + size, buffer);
    lowerInto(buffer, size, folded);
    const part = { cells: buffer, folded: folded.subarray(0, size), from, first: occurrence };
    searchPart(part, at, needle, (hit) => {
      found[occEntry[hit] as number] = 1;
    });
    occurrence = end;
  }
}

/** The carried bytes of a stretch of occurrences, as they are and in lower case. */
interface Part {
  readonly cells: Buffer;
  readonly folded: Buffer;
  /** Offset of the first byte in the section. */
  readonly from: number;
  /** The first occurrence. */
  readonly first: number;
}

function searchPart(part: Part, at: Float64Array, needle: Uint8Array, onHit: (occurrence: number) => void): void {
  let occurrence = part.first;
  let hit = part.folded.indexOf(needle);
  while (hit !== -1) {
    while ((at[occurrence + 1] as number) - part.from <= hit) {
      occurrence += 1;
    }
    const start = (at[occurrence] as number) - part.from;
    const end = (at[occurrence + 1] as number) - part.from;
    if (isInsideCell(part.cells, start, end, hit, needle.length)) {
      onHit(occurrence);
      hit = part.folded.indexOf(needle, end);
    } else {
      // In a length or across two cells.
      hit = part.folded.indexOf(needle, hit + 1);
    }
  }
}

/** The lengths between cells are bytes too: a hit counts only where it lies in one cell's text. */
function isInsideCell(cells: Buffer, start: number, end: number, hit: number, length: number): boolean {
  let at = start;
  while (at < end) {
    const cell = at + 4;
    const cellEnd = cell + cells.readUInt32LE(at);
    if (hit < cellEnd) {
      return hit >= cell && hit + length <= cellEnd;
    }
    at = cellEnd;
  }
  return false;
}

/** Each byte's lower-case form; only ASCII letters change, so UTF-8 stays UTF-8. */
const LOWER = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte));

function lowerInto(from: Uint8Array, size: number, into: Uint8Array): void {
  for (let at = 0; at < size; at += 1) {
    into[at] = LOWER[from[at] as number] as number;
  }
}

function lowered(bytes: Uint8Array): Uint8Array {
  const folded = new Uint8Array(bytes.length);
  lowerInto(bytes, bytes.length, folded);
  return folded;
}
