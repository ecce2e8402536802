import { createSlots, hexRunEnd, isHex, isWord, takeDigest } from '../bytes/hex.ts';
import { createPieceFeeder } from '../bytes/lines.ts';
import { characterCut, charactersIn, excerptOf, skipBlanks, textOf, trimBlanks } from '../bytes/text.ts';
import { createTextCounter } from '../counters/text-counter.ts';
import type { Fit, Format } from '../format.ts';
import type { Head } from '../head.ts';
import { LABEL_BYTES, setAsideBy } from '../names/label-before.ts';
import type { FormatReader, RecordSink } from '../record-sink.ts';

const SEPARATOR = 0;
const HEX = 1;
const OTHER_WORD = 2;
const CLASS = buildClasses();
const DASH = 45;
/** Bytes of the line carried on either side of a digest. */
const AROUND = 120;
const DIGEST = /(?<![0-9A-Za-z])(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{40}|[0-9a-fA-F]{32})(?![0-9A-Za-z])/;

/** Anything: digests are taken wherever they stand, with line and column. */
export const text: Format = {
  id: 'text',
  label: 'Free text',
  probe: (head) => fit(head, ''),
  assume: (head) => fit(head, 'asked for'),
};

/** Lines of the head that hold a whole digest. */
export function linesWithDigest(head: Head): number {
  return head.lines.filter((line) => DIGEST.test(line.text)).length;
}

function fit(head: Head, why: string): Fit {
  const digests = linesWithDigest(head);
  return {
    why: why === '' ? `${digests} of ${head.lines.length} lines hold a hash` : why,
    digests,
    carriedColumns: ['text'],
    digestColumns: [],
    open: openText,
    count: createTextCounter,
  };
}

function openText(sink: RecordSink): FormatReader {
  const line = createLineState(sink);
  const feeder = createPieceFeeder({
    piece(bytes, context, start, end, number) {
      line.scan(bytes, context, start, end, number);
      line.keepPlace(bytes, start, end);
    },
    lastPiece(bytes, context, start, end, number) {
      line.scan(bytes, context, start, end, number);
      line.close(bytes, start, end, number);
    },
  });
  return {
    push(chunk) {
      feeder.push(chunk);
      line.tellBlankLines();
    },
    end() {
      feeder.end();
      line.tellBlankLines();
    },
  };
}

/** What is known of the line being read; a long line comes in several pieces. */
interface LineState {
  scan(bytes: Buffer, context: number, start: number, end: number, line: number): void;
  /** Remembers what later pieces of the same line need. */
  keepPlace(bytes: Buffer, start: number, end: number): void;
  /** Reports the line when it held no digest. */
  close(bytes: Buffer, start: number, end: number, line: number): void;
  tellBlankLines(): void;
}

interface Piece {
  readonly bytes: Buffer;
  readonly context: number;
  readonly end: number;
}

function createLineState(sink: RecordSink): LineState {
  const slots = createSlots();
  const cells = [''];
  let digests = 0;
  let blankLines = 0;
  /** Of earlier pieces: characters, the quotation, whether the last one ended inside a word. */
  let characters = 0;
  /** Of this piece: how far its characters were counted already. */
  let counted = 0;
  let excerpt: string | null = null;
  let insideWord = false;

  const take = (piece: Piece, from: number, stop: number, line: number): void => {
    const { bytes, context, end } = piece;
    const label =
      from === context ? null : setAsideBy(bytes.toString('latin1', Math.max(context, from - LABEL_BYTES), from));
    slots.mask = 0;
    if (label !== null) {
      sink.notDigest(label);
      return;
    }
    if (takeDigest(bytes, from, stop, slots) === 0) {
      sink.notDigest(stop - from > 64 ? 'longer hex run' : 'hex run of another length');
      return;
    }
    digests += 1;
    cells[0] = around(bytes, context, from, stop, end);
    characters += charactersIn(bytes, counted, from);
    counted = from;
    sink.hash(line, characters + 1, slots, cells);
  };

  return {
    scan(bytes, context, start, end, line) {
      let at = start;
      counted = start;
      if (insideWord) {
        at = wordEnd(bytes, start, end);
      }
      while (at < end) {
        let make = CLASS[bytes[at] as number] as number;
        if (make === SEPARATOR) {
          at += 1;
          continue;
        }
        const from = at;
        at += 1;
        for (let next = SEPARATOR; at < end; at += 1) {
          next = CLASS[bytes[at] as number] as number;
          if (next === SEPARATOR) {
            break;
          }
          make |= next;
        }
        const length = at - from;
        if (make === HEX && length >= 32) {
          take({ bytes, context, end }, from, at, line);
        } else if (make === HEX && length === 12 && isUuidTail(bytes, context, from)) {
          sink.notDigest('uuid');
        } else if (length === 72 && isTlsh(bytes, from, at)) {
          sink.notDigest('tlsh');
        }
      }
    },
    keepPlace(bytes, start, end) {
      characters += charactersIn(bytes, counted, end);
      if (excerpt === null && skipBlanks(bytes, start, end) < end) {
        excerpt = excerptOf(bytes, start, end);
      }
      insideWord = CLASS[bytes[end - 1] as number] !== SEPARATOR;
    },
    close(bytes, start, end, line) {
      if (digests === 0) {
        const from = skipBlanks(bytes, start, end);
        if (excerpt === null && from === end) {
          blankLines += 1;
        } else {
          sink.without(line, 'no hash in this line', excerpt ?? excerptOf(bytes, from, end));
        }
      }
      digests = 0;
      characters = 0;
      excerpt = null;
      insideWord = false;
    },
    tellBlankLines() {
      if (blankLines > 0) {
        sink.otherLines(blankLines);
        blankLines = 0;
      }
    },
  };
}

function wordEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && CLASS[bytes[at] as number] !== SEPARATOR) {
    at += 1;
  }
  return at;
}

/** The line around a digest, for the reader's eye. */
function around(bytes: Buffer, context: number, from: number, stop: number, end: number): string {
  const first = characterCut(bytes, context, Math.max(context, from - AROUND), end);
  const last = characterCut(bytes, stop, stop + AROUND, end);
  return textOf(bytes, first, trimBlanks(bytes, first, last)).trimStart();
}

/** True when the twelve digits at `from` end a UUID written with dashes. */
function isUuidTail(bytes: Buffer, context: number, from: number): boolean {
  return (
    bytes[from - 1] === DASH &&
    from - context >= 24 &&
    /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-$/i.test(bytes.toString('latin1', from - 24, from))
  );
}

/** TLSH since version 4: `T1` and 70 hex digits. */
function isTlsh(bytes: Buffer, from: number, stop: number): boolean {
  return bytes[from] === 84 && bytes[from + 1] === 49 && hexRunEnd(bytes, from + 2, stop) === stop;
}

function buildClasses(): Uint8Array {
  const classes = new Uint8Array(256);
  for (let byte = 0; byte < 256; byte += 1) {
    classes[byte] = isHex(byte) ? HEX : isWord(byte) ? OTHER_WORD : SEPARATOR;
  }
  return classes;
}
