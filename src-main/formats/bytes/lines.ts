import type { FormatReader } from '../record-sink.ts';
import { isWord } from './hex.ts';
import { asBuffer } from './text.ts';

/** The longest line kept in memory, in bytes without its line feed. */
export const LINE_LIMIT = 1024 * 1024;
/** Bytes before a piece that stay readable, so that a label in front of a digest is seen across a cut. */
export const PIECE_CONTEXT = 64;

const LINE_FEED = 10;
const EXCERPT_BYTES = 256;
/** How far back from the limit a piece looks for a place between words. */
const CUT_WINDOW = 4096;

export interface LineHandler {
  /** One line without its line feed; a carriage return is still there. The bytes are valid during the call only. */
  line(bytes: Buffer, start: number, end: number, line: number): void;
  /** A line longer than LINE_LIMIT: its first bytes, to quote. */
  overlong(excerpt: Buffer, line: number): void;
}

/** A line handler that takes lines of any length, in pieces. */
export interface PieceHandler {
  /**
   * A piece of a line longer than LINE_LIMIT; `line` follows with the last one. Up to PIECE_CONTEXT bytes before
   * `start` belong to the same line and begin at `context`.
   */
  piece(bytes: Buffer, context: number, start: number, end: number, line: number): void;
  lastPiece(bytes: Buffer, context: number, start: number, end: number, line: number): void;
}

/**
 * Cuts chunks into lines, numbered behind `linesBefore`. Lines over the limit are reported as such and skipped; memory
 * stays bounded.
 */
export function createLineFeeder(handler: LineHandler, linesBefore = 0): FormatReader {
  let held: Buffer = Buffer.alloc(4096);
  let heldLength = 0;
  let skipping = false;
  let line = linesBefore;

  const hold = (bytes: Buffer, start: number, end: number): void => {
    if (skipping) {
      return;
    }
    const needed = heldLength + end - start;
    if (needed > LINE_LIMIT) {
      held = grown(held, Math.min(EXCERPT_BYTES, needed), heldLength);
      bytes.copy(held, heldLength, start, Math.min(end, start + EXCERPT_BYTES));
      heldLength = EXCERPT_BYTES;
      skipping = true;
      return;
    }
    held = grown(held, needed, heldLength);
    bytes.copy(held, heldLength, start, end);
    heldLength = needed;
  };

  const release = (): void => {
    line += 1;
    if (skipping) {
      handler.overlong(held.subarray(0, heldLength), line);
    } else {
      handler.line(held, 0, heldLength, line);
    }
    heldLength = 0;
    skipping = false;
  };

  return {
    push(chunk) {
      const bytes = asBuffer(chunk);
      const length = bytes.length;
      let at = 0;
      if (heldLength > 0 || skipping) {
        const feed = bytes.indexOf(LINE_FEED);
        hold(bytes, 0, feed < 0 ? length : feed);
        if (feed < 0) {
          return;
        }
        release();
        at = feed + 1;
      }
      for (;;) {
        let end = at;
        while (end < length && bytes[end] !== LINE_FEED) {
          end += 1;
        }
        if (end === length) {
          break;
        }
        line += 1;
        if (end - at > LINE_LIMIT) {
          handler.overlong(bytes.subarray(at, at + EXCERPT_BYTES), line);
        } else {
          handler.line(bytes, at, end, line);
        }
        at = end + 1;
      }
      if (at < length) {
        hold(bytes, at, length);
      }
    },
    end() {
      if (heldLength > 0 || skipping) {
        release();
      }
    },
    linesRead: () => (heldLength > 0 || skipping ? null : line),
  };
}

/** Cuts chunks into lines and lines over the limit into pieces, between words where there is a place. */
export function createPieceFeeder(handler: PieceHandler): FormatReader {
  let held: Buffer = Buffer.alloc(4096);
  let heldLength = 0;
  /** Bytes at the start of `held` that were reported already. */
  let context = 0;
  let line = 1;

  const cut = (): void => {
    const end = cutPlace(held, context, context + LINE_LIMIT);
    handler.piece(held, 0, context, end, line);
    const keepFrom = Math.max(0, end - PIECE_CONTEXT);
    held.copyWithin(0, keepFrom, heldLength);
    context = end - keepFrom;
    heldLength -= keepFrom;
  };

  const hold = (bytes: Buffer, start: number, end: number): void => {
    let at = start;
    while (at < end) {
      // One byte more than the limit tells that the line goes on.
      const room = context + LINE_LIMIT + 1 - heldLength;
      const take = Math.min(room, end - at);
      held = grown(held, heldLength + take, heldLength);
      bytes.copy(held, heldLength, at, at + take);
      heldLength += take;
      at += take;
      if (heldLength - context > LINE_LIMIT) {
        cut();
      }
    }
  };

  const release = (): void => {
    handler.lastPiece(held, 0, context, heldLength, line);
    heldLength = 0;
    context = 0;
    line += 1;
  };

  return {
    push(chunk) {
      const bytes = asBuffer(chunk);
      let at = 0;
      while (at < bytes.length) {
        const feed = bytes.indexOf(LINE_FEED, at);
        const end = feed < 0 ? bytes.length : feed;
        if (feed >= 0 && heldLength === 0 && end - at <= LINE_LIMIT) {
          handler.lastPiece(bytes, at, at, end, line);
          line += 1;
        } else {
          hold(bytes, at, end);
          if (feed >= 0) {
            release();
          }
        }
        at = end + 1;
      }
    },
    end() {
      if (heldLength > 0) {
        release();
      }
    },
  };
}

/** The end of a line without its carriage return. */
export function trimReturn(bytes: Uint8Array, start: number, end: number): number {
  return end > start && bytes[end - 1] === 13 ? end - 1 : end;
}

function cutPlace(bytes: Buffer, start: number, limit: number): number {
  for (let at = limit; at > Math.max(start, limit - CUT_WINDOW); at -= 1) {
    if (!isWord(bytes[at - 1] as number) && (bytes[at - 1] as number) < 0x80) {
      return at;
    }
  }
  return limit;
}

function grown(buffer: Buffer, needed: number, keep: number): Buffer {
  if (needed <= buffer.length) {
    return buffer;
  }
  const larger = Buffer.alloc(Math.max(needed, buffer.length * 2));
  buffer.copy(larger, 0, 0, keep);
  return larger;
}
