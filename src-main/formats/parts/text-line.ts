import { createSlots, hexRunEnd, isHex, isWord, takeDigest } from '../bytes/hex.ts';
import { characterCut, charactersIn, excerptOf, skipBlanks, textOf, trimBlanks } from '../bytes/text.ts';
import { JOIN_LIMIT } from '../names/broken-digest.ts';
import { type FieldLabels, customFieldBefore, fieldLabelsIn } from '../names/custom-field.ts';
import { FILE_ID_DIGITS, FILE_ID_MARK, announcesFileId } from '../names/file-id.ts';
import { LABEL_BYTES, setAsideBy } from '../names/label-before.ts';
import type { RecordSink } from '../record-sink.ts';
import { bytesRunEnd, digitsOf, isAnnouncedRun, restOfGroup, unseenEnd } from './broken-runs.ts';
import { createLabelAbove } from './label-above.ts';
import { createLineWraps } from './line-wraps.ts';

const SEPARATOR = 0;
const HEX = 1;
const OTHER_WORD = 2;
const CLASS = buildClasses();
const DASH = 45;
/** Bytes of the line carried on either side of a digest. */
const AROUND = 120;

/** Takes digests from lines of free text; a line over LINE_LIMIT comes in several pieces. */
export interface TextLine {
  /** A piece of a line; up to PIECE_CONTEXT bytes before `start` belong to the same line and begin at `context`. */
  scan(bytes: Buffer, context: number, start: number, end: number, line: number): void;
  /** Remembers what later pieces of the same line need. */
  keepPlace(bytes: Buffer, start: number, end: number): void;
  /** The last piece: reports the line when it held no digest. */
  close(bytes: Buffer, context: number, start: number, end: number, line: number): void;
  /** Behind the last line. */
  finish(): void;
  tellBlankLines(): void;
}

interface Piece {
  readonly bytes: Buffer;
  readonly context: number;
  readonly end: number;
  readonly line: number;
}

export function createTextLine(sink: RecordSink): TextLine {
  const slots = createSlots();
  const cells = [''];
  const wraps = createLineWraps(sink);
  const above = createLabelAbove();
  let digests = 0;
  /** What the digest at the start of this line is set aside by because of a heading: an item of its own, whatever follows. */
  let item: string | null = null;
  let blankLines = 0;
  /** Of earlier pieces: characters, the quotation, whether there are any, whether the last one ended inside a word. */
  let characters = 0;
  let excerpt: string | null = null;
  let isLater = false;
  let insideWord = false;
  /** Of this piece: how far its characters were counted already, and up to where runs are put together. */
  let counted = 0;
  let joinEnd = 0;
  /** What labels of custom fields in this line say, once one of these fields held a digest. */
  let fields: FieldLabels | null = null;

  const report = (piece: Piece, from: number, stop: number): void => {
    const { bytes, context, end, line } = piece;
    digests += 1;
    cells[0] = around(bytes, context, from, stop, end);
    characters += charactersIn(bytes, counted, from);
    counted = from;
    sink.hash(line, characters + 1, slots, cells);
  };

  /** True when a label in front of `from` sets the value aside; it is counted then. */
  const isSetAside = ({ bytes, context }: Piece, from: number, isWhole = true): boolean => {
    const own =
      from === context ? null : setAsideBy(bytes.toString('latin1', Math.max(context, from - LABEL_BYTES), from));
    const headed = own !== null || isLater ? null : above.aside(bytes, context, from);
    const label = own ?? headed;
    item = isWhole ? (headed ?? item) : item;
    if (label !== null) {
      sink.notDigest(label);
    }
    return label !== null;
  };

  /** True for the value of a custom field that its label, anywhere in the line, sets aside; it is counted then. */
  const isInOtherField = ({ bytes, context, end }: Piece, from: number): boolean => {
    const field =
      from < joinEnd ? customFieldBefore(bytes.toString('latin1', Math.max(context, from - LABEL_BYTES), from)) : null;
    if (field === null) {
      return false;
    }
    fields ??= fieldLabelsIn(bytes.toString('latin1', context, Math.min(end, joinEnd)));
    const name = fields.nameOf(field);
    if (name !== null) {
      sink.notDigest(name);
    }
    return name !== null;
  };

  /** One whole run of hex digits; returns where reading goes on. */
  const take = (piece: Piece, run: number, stop: number): number => {
    const { bytes, context, end } = piece;
    if (wraps.holds(stop) || isSetAside(piece, run, isWholeLength(stop - run))) {
      return stop;
    }
    const from = run + digitsInFront(bytes, context, run, stop);
    slots.mask = 0;
    if (takeDigest(bytes, from, stop, slots) === 0) {
      sink.notDigest(otherRun(stop - from));
      return stop;
    }
    if (isInOtherField(piece, from)) {
      return stop;
    }
    const labels = Math.max(context, from - LABEL_BYTES);
    const groupEnd = stop < joinEnd ? restOfGroup(sink, slots, bytes, labels, from, stop, end, joinEnd) : stop;
    report(piece, from, stop);
    return groupEnd;
  };

  /** Runs with nothing but unseen characters between them are one. Returns where reading goes on. */
  const takeJoined = (piece: Piece, from: number, firstStop: number): number => {
    const { bytes, end } = piece;
    const places = [from, firstStop];
    let stop = firstStop;
    for (;;) {
      const next = unseenEnd(bytes, stop, end);
      const nextStop = next === stop ? next : hexRunEnd(bytes, next, end);
      if (nextStop === next || nextStop >= joinEnd || (nextStop < end && isWord(bytes[nextStop] as number))) {
        break;
      }
      places.push(next, nextStop);
      stop = nextStop;
    }
    if (places.length === 2) {
      return takeRun(piece, from, firstStop);
    }
    const digits = digitsOf(bytes, places);
    const hex = Buffer.from(digits, 'latin1');
    const areWhole = places.every((place, index) => index % 2 === 1 || isWholeLength((places[index + 1] ?? 0) - place));
    slots.mask = 0;
    if (takeDigest(hex, 0, hex.length, slots) !== 0) {
      if (!isSetAside(piece, from)) {
        report(piece, from, stop);
      }
    } else if (areWhole) {
      for (let index = 0; index < places.length; index += 2) {
        takeAlone(piece, places[index] ?? 0, places[index + 1] ?? 0);
      }
    } else if (digits.length >= 32) {
      sink.notDigest(otherRun(digits.length));
    }
    return stop;
  };

  const takeAlone = (piece: Piece, from: number, stop: number): void => {
    slots.mask = 0;
    if (!isSetAside(piece, from) && takeDigest(piece.bytes, from, stop, slots) !== 0) {
      report(piece, from, stop);
    }
  };

  const takeRun = (piece: Piece, from: number, stop: number): number => {
    const { bytes, context, end } = piece;
    const length = stop - from;
    if (length >= 32) {
      return take(piece, from, stop);
    }
    if (length === 2 && stop < joinEnd) {
      const last = bytesRunEnd(bytes, from, end);
      if (last < joinEnd && isAnnouncedRun(bytes, context, from, last)) {
        const hex = Buffer.from(bytes.toString('latin1', from, last).replaceAll(/[ :-]/g, ''), 'latin1');
        slots.mask = 0;
        takeDigest(hex, 0, hex.length, slots);
        report(piece, from, last);
      }
      return last;
    }
    if (length === 12 && isUuidTail(bytes, context, from)) {
      sink.notDigest('uuid');
    }
    return stop;
  };

  const scanFrom = (piece: Piece, begin: number): void => {
    const { bytes, end } = piece;
    let at = begin;
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
      if (make === HEX) {
        if (at < joinEnd && at < end && (bytes[at] as number) >= 0xc2) {
          at = takeJoined(piece, from, at);
        } else if (length >= 32 || length === 2 || length === 12) {
          at = takeRun(piece, from, at);
        }
      } else if (length === 72 && isTlsh(bytes, from, at)) {
        sink.notDigest('tlsh');
      }
    }
  };

  const scan = (bytes: Buffer, context: number, start: number, end: number, line: number, isWhole: boolean): void => {
    counted = start;
    joinEnd = isLater ? 0 : start + JOIN_LIMIT;
    let begin = start;
    if (insideWord) {
      begin = wordEnd(bytes, start, end);
    } else if (!isLater) {
      begin = wraps.resume(bytes, start, end, line, isWhole);
    }
    if (isWhole) {
      wraps.look(bytes, start, begin, end, line);
    }
    scanFrom({ bytes, context, end, line }, begin);
  };

  return {
    scan(bytes, context, start, end, line) {
      scan(bytes, context, start, end, line, false);
    },
    keepPlace(bytes, start, end) {
      characters += charactersIn(bytes, counted, end);
      if (excerpt === null && skipBlanks(bytes, start, end) < end) {
        excerpt = excerptOf(bytes, start, end);
      }
      insideWord = CLASS[bytes[end - 1] as number] !== SEPARATOR;
      isLater = true;
    },
    close(bytes, context, start, end, line) {
      scan(bytes, context, start, end, line, !isLater);
      const from = skipBlanks(bytes, start, end);
      above.lineEnded(bytes, from, trimBlanks(bytes, from, end), digests > 0);
      if (digests === 0 && !wraps.isHeld()) {
        if ((excerpt === null && from === end) || wraps.isConsumed()) {
          blankLines += 1;
        } else if (!wraps.keep(bytes, from, end)) {
          sink.without(line, NO_HASH, excerpt ?? excerptOf(bytes, from, end));
        }
      } else if (digests > 0 && item !== null) {
        sink.without(line, `no hash of a file: ${item}`, excerpt ?? excerptOf(bytes, from, end));
      }
      item = null;
      fields = null;
      digests = 0;
      characters = 0;
      excerpt = null;
      isLater = false;
      insideWord = false;
    },
    finish: () => wraps.settle(),
    tellBlankLines() {
      if (blankLines > 0) {
        sink.otherLines(blankLines);
        blankLines = 0;
      }
    },
  };
}

/** Why a line of free text is a record without a hash. */
const NO_HASH = 'no hash in this line';

function otherRun(digits: number): string {
  return digits > 64 ? 'longer hex run' : 'hex run of another length';
}

function isWholeLength(digits: number): boolean {
  return digits === 64 || digits === 40 || digits === 32;
}

/** Digits in front of a digest that are none of it: of an escape, or of a `FileId`. */
function digitsInFront(bytes: Buffer, context: number, run: number, stop: number): number {
  if (run > context && isEscapedTie(bytes, run, stop)) {
    return 2;
  }
  const isFileId =
    stop - run === FILE_ID_DIGITS &&
    announcesFileId(
      bytes.toString('latin1', Math.max(context, run - LABEL_BYTES), run),
      bytes.toString('latin1', run, stop),
    );
  return isFileId ? FILE_ID_MARK : 0;
}

/** Quoted-printable writes `=` as `=3D`, which sticks to the digest behind it. */
function isEscapedTie(bytes: Buffer, from: number, stop: number): boolean {
  return isWholeLength(stop - from - 2) && bytes[from - 1] === 61 && bytes[from] === 51 && bytes[from + 1] === 68;
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
