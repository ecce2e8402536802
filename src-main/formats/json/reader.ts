import { createSlots, takeDigest } from '../bytes/hex.ts';
import { excerptOf } from '../bytes/text.ts';
import type { FormatReader, RecordSink } from '../record-sink.ts';
import type { Dialect } from './dialect.ts';
import { Frame } from './frame.ts';
import { ELEMENT, type KeyRule, NO_KEY, OWN_SCOPE } from './keys/key-rules.ts';
import { KeyTable } from './keys/key-table.ts';
import { NO_DIGEST, OpenFrames } from './open-frames.ts';
import { opensEnvelope } from './keys/envelope.ts';
import { OWN_DOCUMENT } from './rows.ts';
import { holdsHexRun, isUuid } from './tokens/find-runs.ts';
import { JsonTokenizer } from './tokens/tokenizer.ts';
import { type TextKind, type TokenHandler, type TokenPlace, isEscaped } from './tokens/tokens.ts';
import { unescapeJson } from './tokens/unescape.ts';
import { MOST_CLAIMS } from './value-reader.ts';

export interface JsonPlan {
  /** Every line is a value of its own. */
  readonly byLine: boolean;
  readonly dialect: Dialect;
}

/** Reads JSON: digests by their keys, those of one object as one file, all other texts as free text. */
export function openJson(sink: RecordSink, plan: JsonPlan): FormatReader {
  const reading = new JsonReading(sink, plan);
  const tokenizer = new JsonTokenizer(reading, plan.byLine);
  return {
    push: (chunk) => tokenizer.push(chunk),
    end() {
      tokenizer.end();
      reading.end();
    },
  };
}

class JsonReading implements TokenHandler {
  readonly #byLine: boolean;
  readonly #keys: KeyTable;
  readonly #frames: OpenFrames;
  readonly #sink: RecordSink;
  readonly #slots = createSlots();

  constructor(sink: RecordSink, { byLine, dialect }: JsonPlan) {
    this.#byLine = byLine;
    this.#keys = new KeyTable((name) => dialect.rule(name));
    this.#frames = new OpenFrames(sink, byLine, dialect);
    this.#sink = this.#frames.sink;
  }

  /** Called once, behind the last token. */
  end(): void {
    this.#frames.end();
  }

  open(isObject: boolean, place: TokenPlace): void {
    this.#frames.open(isObject, place.line);
  }

  close(): void {
    this.#frames.close(true);
  }

  key(bytes: Buffer, from: number, end: number, kind: TextKind, place: TokenPlace): void {
    const frame = this.#frames.top as Frame;
    frame.key = this.#keys.find(bytes, from, end, isEscaped(kind));
    frame.isOfLog = frame.isOfLog || frame.key.isOfLog;
    frame.isEnvelope = frame.isEnvelope || opensEnvelope(frame.key);
    if (frame.key.name === OWN_DOCUMENT) {
      frame.isInHead = true;
      frame.scope = OWN_SCOPE;
    }
    if (frame.isRow) {
      frame.addKey(frame.key.name);
    }
    const length = end - from;
    if (length === 64 || length === 40 || length === 32) {
      this.#slots.mask = 0;
      if (takeDigest(bytes, from, end, this.#slots) !== 0) {
        this.#reportKey(frame, place);
      }
    }
  }

  text(bytes: Buffer, from: number, end: number, kind: TextKind, place: TokenPlace): void {
    const frame = this.#frames.top;
    const { role } = this.#ruleOf(frame);
    const length = end - from;
    if (role === 'other' && (length < 32 || isWithoutDigits(bytes, from, end, kind))) {
      if (frame !== null && !frame.isObject) {
        frame.values += 1;
      }
    } else if (isEscaped(kind) && (length >= 32 || role !== 'other')) {
      const plain = unescapeJson(bytes, from, end);
      this.#value(plain, 0, plain.length, true, place);
    } else {
      this.#value(bytes, from, end, false, place);
    }
  }

  scalar(bytes: Buffer, from: number, end: number, place: TokenPlace): void {
    const frame = this.#frames.top;
    const rule = this.#ruleOf(frame);
    const first = bytes[from] as number;
    const isNumber = first === 45 || (first >= 48 && first <= 57);
    if (frame !== null && rule.role === 'field') {
      const text = this.#frames.values.texts.textOf(bytes, from, end);
      frame.addField({ name: rule.name, text, line: place.line, column: place.column });
    } else if (frame !== null && isNumber && rule.role === 'size') {
      frame.size = frame.size === '' ? bytes.toString('latin1', from, end) : frame.size;
    } else if (frame !== null && isNumber && rule.role === 'digest' && end - from >= 8) {
      this.#value(bytes, from, end, true, place);
      return;
    }
    this.#endElement(frame, bytes, from, end, place, this.#frames.records);
  }

  overlong(bytes: Buffer, from: number, end: number, isKey: boolean, place: TokenPlace): void {
    const what = isKey ? 'key' : 'text';
    const frame = this.#frames.top;
    if (isKey && frame !== null) {
      frame.key = NO_KEY;
    } else if (frame !== null && !frame.isObject) {
      frame.values += 1;
    }
    this.#frames.records += 1;
    this.#sink.reject(place.line, place.column, `a ${what} is longer than 1 MiB`, excerptOf(bytes, from, end));
  }

  broken(reason: string, place: TokenPlace): void {
    this.#frames.closeAll();
    if (this.#byLine) {
      this.#frames.records += 1;
      this.#sink.reject(place.line, place.column, `no JSON from here on: ${reason}`, '');
    } else {
      this.#sink.fault(
        `Line ${place.line}, column ${place.column}: ${reason}. Nothing was read from there on; what came before is kept.`,
      );
    }
  }

  cut(line: number, lastLine: number): void {
    this.#frames.closeAll();
    if (this.#byLine) {
      this.#frames.records += 1;
      this.#sink.reject(line, 0, 'the line is cut off', '');
    } else {
      this.#sink.fault(`The JSON is cut off in line ${lastLine}. What came before is kept.`);
    }
  }

  /** The rule a value is read by: that of its key, or of the array it lies in. */
  #ruleOf(frame: Frame | null): KeyRule {
    if (frame === null || this.#frames.isOutermost) {
      return ELEMENT;
    }
    return frame.isObject ? frame.key : frame.rule;
  }

  #value(bytes: Buffer, from: number, end: number, isPlain: boolean, place: TokenPlace): void {
    const frame = this.#frames.top;
    if (frame === null || this.#frames.isOutermost) {
      this.#outermost(frame, bytes, from, end, isPlain, place);
      return;
    }
    if (!frame.isObject) {
      frame.values += 1;
    }
    this.#frames.values.read(frame, this.#ruleOf(frame), bytes, from, end, isPlain, place);
    if (frame.claims.count >= MOST_CLAIMS) {
      this.#frames.report(frame);
    }
  }

  /** A text that is a root or an element of one: a row of its own. */
  #outermost(frame: Frame | null, bytes: Buffer, from: number, end: number, isPlain: boolean, place: TokenPlace): void {
    const holder = frame ?? new Frame();
    const before = this.#frames.records;
    this.#frames.values.read(holder, ELEMENT, bytes, from, end, isPlain, place);
    for (let index = 0; index < holder.claims.count; index += 1) {
      holder.claims.at(index).isOwn = true;
    }
    this.#frames.report(holder);
    this.#endElement(frame, bytes, from, end, place, before);
  }

  /** Accounts for a value that is a row and held nothing. */
  #endElement(
    frame: Frame | null,
    bytes: Buffer,
    from: number,
    end: number,
    place: TokenPlace,
    recordsBefore: number,
  ): void {
    if (frame !== null && !frame.isObject) {
      frame.values += 1;
    }
    if (this.#frames.isOutermost && this.#frames.records === recordsBefore) {
      this.#frames.records += 1;
      this.#sink.without(place.line, NO_DIGEST, excerptOf(bytes, from, end));
    }
  }

  #reportKey(frame: Frame, place: TokenPlace): void {
    if (frame.scope === null) {
      this.#frames.reportKey(frame, place, this.#slots);
    } else {
      this.#sink.notDigest(frame.scope);
    }
  }
}

/** True for most texts: nothing in them looks like a digest, whatever their escapes stand for. */
function isWithoutDigits(bytes: Buffer, from: number, end: number, kind: TextKind): boolean {
  return (kind === 'plain' || kind === 'short') && !isUuid(bytes, from, end) && !holdsHexRun(bytes, from, end);
}
