import { kindOfHexLength } from '#shared/domain/hash.ts';
import {
  GROUP_GAP,
  JOIN_LIMIT,
  UNSEEN,
  UNSEEN_BYTES,
  announcesBytes,
  labelInGroup,
  opensGroup,
} from '../names/broken-digest.ts';
import { announcesFileId } from '../names/file-id.ts';
import { LABEL_BYTES, setAsideBy } from '../names/label-before.ts';
import type { RecordCounter } from '../record-sink.ts';
import { createFieldLabelCounter } from './field-label-counter.ts';
import { TailBytes } from './tail-bytes.ts';
import { createWrapCounter } from './wrap-counter.ts';

/** Enough of the bytes before a chunk for a run of spaced bytes and its label. */
const TAIL = 256;

/** A run of letters and digits; places count from the start of its line. */
export interface Run {
  readonly from: number;
  readonly to: number;
  readonly isHex: boolean;
  /** The byte behind it: 10 at the end of a line. */
  readonly next: number;
}

/** Text of the current line between two places, as Latin-1; only the last bytes are still there. */
export type TextBetween = (from: number, to: number) => string;

/**
 * Counts what free text holds: every whole digest that no label sets aside, and every line that is not blank and holds
 * none. One pass over the bytes with a short memory, whatever the length of a line.
 */
export function createTextCounter(): RecordCounter {
  const tail = new TailBytes(TAIL);
  let chunk: Uint8Array = new Uint8Array(0);
  /** Of the current line: where it starts in the chunk (below zero when before it), whether anything but blanks was seen. */
  let lineStart = 0;
  let hasInk = false;
  /** Of the current run of letters and digits, and the byte in front of it. */
  let run = 0;
  let isHexRun = true;
  let separator = 10;
  /** Where the last run ended, and its length when it was hex. */
  let lastEnd = 0;
  let lastHex = 0;
  const text: TextBetween = (from, to) => latin1(tail, chunk, lineStart + Math.max(0, from), lineStart + to);
  const line = createLineTally(text);
  const pairs = createPairCounter(text);

  const close = (from: number, to: number, isHex: boolean, before: number, next: number): void => {
    const isWanted = line.isWaiting() || (isHex && (to - from >= 32 || next >= 0xc2));
    const isUsed = isWanted && line.run({ from, to, isHex, next });
    const isPair = !isUsed && isHex && to - from === 2 && next < 0x80;
    if (isPair ? pairs.add(from, to, before) : pairs.close()) {
      line.add();
    }
  };
  const endLine = (width: number, ink: boolean, lastTo: number): void => {
    if (pairs.close()) {
      line.add();
    }
    line.end(width, ink, lastHex >= SHORTEST_END && width - lastTo <= FAREST_END ? lastTo : -1);
    lastHex = 0;
  };

  return {
    push(bytes) {
      chunk = bytes;
      let length = run;
      let hex = isHexRun;
      let ink = hasInk;
      let isOpen = line.isWaiting() || pairs.isOpen();
      for (let at = 0; at < bytes.length; at += 1) {
        const byte = bytes[at] as number;
        // Folding the case bit maps A-Z onto a-z; digits have it set already.
        const letter = (byte | 32) - 97;
        if ((byte - 48) >>> 0 < 10 || (letter >>> 0 < 26 && byte < 128)) {
          hex = hex && (byte < 58 || letter < 6);
          length += 1;
          continue;
        }
        if (length > 0) {
          ink = true;
          if (!hex && (at > 0 ? bytes[at - 1] : tail.at(-1)) === SMALL_L) {
            line.word(at - lineStart - length, at - lineStart);
          }
          if (isOpen || (hex && (length >= 32 || byte >= 0xc2 || (length === 2 && isPairMark(byte))))) {
            const to = at - lineStart;
            close(to - length, to, hex, separator, byte);
            isOpen = line.isWaiting() || pairs.isOpen();
          }
          lastEnd = at;
          lastHex = hex ? length : 0;
          length = 0;
          hex = true;
        }
        separator = byte;
        if (byte === 10) {
          endLine(at - lineStart, ink, lastEnd - lineStart);
          isOpen = line.isWaiting();
          ink = false;
          lineStart = at + 1;
        } else if (byte !== 32 && (byte < 9 || byte > 13)) {
          ink = true;
        }
      }
      line.look(bytes.length - lineStart);
      run = length;
      isHexRun = hex;
      hasInk = ink;
      lineStart -= bytes.length;
      lastEnd -= bytes.length;
      tail.keep(bytes);
      chunk = new Uint8Array(0);
    },
    end() {
      const to = -lineStart;
      if (run > 0) {
        line.word(to - run, to);
        close(to - run, to, isHexRun, separator, 10);
        lastEnd = 0;
        lastHex = isHexRun ? run : 0;
      }
      endLine(to, hasInk || run > 0, lastEnd - lineStart);
      return line.records();
    },
  };
}

/** The last letter of `cs1Label`. */
const SMALL_L = 108;

/** Digits a half of a digest has at least, and bytes that may stand behind it. */
const SHORTEST_END = 4;
const FAREST_END = 8;

function isGroupMark(byte: number): boolean {
  return byte === 44 || byte === 59 || byte === 124;
}

function isPairMark(byte: number): boolean {
  return byte === 32 || byte === 58 || byte === 45;
}

interface LineTally {
  /** True when the run was used: as a half, or with what is around it. */
  run(run: Run): boolean;
  /** A word that may be the label of a field. */
  word(from: number, to: number): void;
  /** The line is known up to `seen`; what is more than a little in front of it will not be there any more. */
  look(seen: number): void;
  add(): void;
  /** `lastTo` is where a run of hex digits ends that may go on in the next line, or -1. */
  end(width: number, hasInk: boolean, lastTo: number): void;
  /** True when every run matters. */
  isWaiting(): boolean;
  records(): number;
}

interface WaitingRuns {
  readonly runs: Run[];
  /** Of each: true when no label sets it aside. */
  readonly free: boolean[];
}

function createLineTally(text: TextBetween): LineTally {
  const wraps = createWrapCounter(text);
  const fields = createFieldLabelCounter(text);
  let records = 0;
  let digests = 0;
  let group: { to: number; readonly kinds: Set<string> } | null = null;
  /** Runs with unseen characters behind them, until it is known what follows. */
  let waiting: WaitingRuns | null = null;

  const isFree = (from: number): boolean => from === 0 || setAsideBy(text(from - LABEL_BYTES, from)) === null;

  const joinsGroup = (run: Run): boolean => {
    if (group === null || run.from - group.to > GROUP_GAP || run.to >= JOIN_LIMIT || run.next >= 0x80) {
      return false;
    }
    const length = run.to - run.from;
    const label = length < 32 || length > 160 ? null : labelInGroup(text(group.to, run.from), length);
    if (label === null || ('kind' in label && group.kinds.has(label.kind))) {
      return false;
    }
    if ('kind' in label) {
      group.kinds.add(label.kind);
    }
    group.to = run.to;
    return true;
  };

  const take = (run: Run): void => {
    const { to } = run;
    const isEscaped = kindOfHexLength(to - run.from - 2) !== null && text(run.from - 1, run.from + 2) === '=3D';
    const isFileId =
      to - run.from === 44 && announcesFileId(text(run.from - LABEL_BYTES, run.from), text(run.from, to));
    const from = run.from + (isEscaped ? 2 : isFileId ? 4 : 0);
    const kind = kindOfHexLength(to - from);
    if (joinsGroup(run) || kind === null) {
      return;
    }
    group = null;
    if (!isFree(run.from)) {
      return;
    }
    digests += 1;
    fields.digest(from);
    if (isGroupMark(run.next) && to < JOIN_LIMIT && opensGroup(text(from - LABEL_BYTES, from), kind)) {
      group = { to, kinds: new Set([kind]) };
    }
  };

  const single = (run: Run): boolean => {
    if (wraps.takes(run)) {
      return true;
    }
    if (run.isHex && run.to - run.from >= 32) {
      take(run);
    }
    return false;
  };

  /** What waited is complete: one digest, several, or none. */
  const release = (): void => {
    if (waiting === null) {
      return;
    }
    const { runs, free } = waiting;
    waiting = null;
    const [first] = runs;
    if (first !== undefined && runs.length === 1) {
      single(first);
      return;
    }
    wraps.breaks();
    group = null;
    const lengths = runs.map(({ from, to }) => to - from);
    if (kindOfHexLength(lengths.reduce((sum, length) => sum + length, 0)) !== null) {
      digests += free[0] === true ? 1 : 0;
    } else if (lengths.every((length) => kindOfHexLength(length) !== null)) {
      digests += free.filter(Boolean).length;
    }
  };

  return {
    run(run) {
      const last = waiting?.runs.at(-1);
      const isSame =
        last !== undefined &&
        run.isHex &&
        run.to < JOIN_LIMIT &&
        run.from - last.to <= UNSEEN_BYTES &&
        UNSEEN.test(text(last.to, run.from));
      if (!isSame) {
        release();
      }
      if (run.isHex && run.next >= 0xc2 && run.to < JOIN_LIMIT) {
        waiting ??= { runs: [], free: [] };
      }
      if (waiting === null) {
        return single(run);
      }
      waiting.runs.push(run);
      waiting.free.push(isFree(run.from));
      if (run.next < 0xc2) {
        release();
      }
      return true;
    },
    add() {
      digests += 1;
    },
    word: (from, to) => fields.word(from, to),
    look: (seen) => fields.look(seen),
    end(width, hasInk, lastTo) {
      release();
      digests -= fields.end(width);
      const ending = wraps.end(width, digests, lastTo);
      records += ending.earlier;
      records += digests > 0 ? digests : hasInk && !ending.isConsumed ? 1 : 0;
      digests = 0;
      group = null;
    },
    isWaiting: () => waiting !== null || wraps.isOpen(),
    records: () => records + wraps.left(),
  };
}

interface PairCounter {
  /** Takes two digits with the byte `before` in front; true when a digest ended in front of them. */
  add(from: number, to: number, before: number): boolean;
  /** True when a digest ended. */
  close(): boolean;
  isOpen(): boolean;
}

/** Counts digests written byte by byte. */
function createPairCounter(text: TextBetween): PairCounter {
  let count = 0;
  let start = 0;
  let end = 0;
  let mark = 0;
  /** Length in bytes that the label in front announces. */
  let announced = 0;

  const close = (): boolean => {
    const isDigest = count >= SHORTEST_BYTES && count === announced && end < JOIN_LIMIT;
    count = 0;
    return isDigest;
  };

  return {
    add(from, to, before) {
      if (count > 0 && from === end + 1 && (count === 1 ? isPairMark(before) : before === mark)) {
        mark = before;
        count += 1;
        end = to;
        if (count === SHORTEST_BYTES) {
          const label = text(start - LABEL_BYTES, start);
          announced = [16, 20, 32].find((length) => announcesBytes(label, length)) ?? 0;
        }
        return false;
      }
      const isDigest = close();
      count = to < JOIN_LIMIT ? 1 : 0;
      start = from;
      end = to;
      announced = 0;
      return isDigest;
    },
    close,
    isOpen: () => count > 0,
  };
}

const SHORTEST_BYTES = 16;

/** Text of [from, to) of `chunk`; negative places lie in the bytes before it. */
function latin1(tail: TailBytes, chunk: Uint8Array, from: number, to: number): string {
  if (from >= 0) {
    return Buffer.from(chunk.buffer, chunk.byteOffset + from, Math.max(0, to - from)).toString('latin1');
  }
  let text = '';
  for (let at = Math.max(from, -tail.length); at < to; at += 1) {
    text += String.fromCharCode((at < 0 ? tail.at(at) : chunk[at]) as number);
  }
  return text;
}
