import { createSlots, takeDigest } from '../bytes/hex.ts';
import { excerptOf } from '../bytes/text.ts';
import type { FormatReader, RecordSink } from '../record-sink.ts';
import type { Claim } from './keys/claims.ts';
import type { Dialect, DialectReading, Settling } from './dialect.ts';
import { Frame } from './frame.ts';
import { ELEMENT, type KeyRule, NO_KEY } from './keys/key-rules.ts';
import { KeyTable } from './keys/key-table.ts';
import { isRowAt } from './rows.ts';
import { judgeClaims, reportClaims, reportDeferred } from './settle.ts';
import { JsonTokenizer } from './tokens/tokenizer.ts';
import { holdsHexRun, isUuid } from './tokens/find-runs.ts';
import { type TextKind, type TokenHandler, type TokenPlace, isEscaped } from './tokens/tokens.ts';
import { unescapeJson } from './tokens/unescape.ts';
import { MOST_CLAIMS, ValueReader } from './value-reader.ts';

export interface JsonPlan {
  /** Every line is a value of its own. */
  readonly byLine: boolean;
  readonly dialect: Dialect;
}

/** Columns every record carries, in front of those of the dialect. */
export const JSON_COLUMNS = ['name', 'size', 'key'] as const;

const NO_DIGEST = 'no hash in this entry';

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
  readonly #sink: RecordSink;
  readonly #byLine: boolean;
  readonly #rowsByNesting: boolean;
  readonly #dialect: Dialect;
  readonly #reading: DialectReading;
  readonly #keys: KeyTable;
  readonly #values: ValueReader;
  readonly #frames: Frame[] = [];
  readonly #open: Frame[] = [];
  readonly #slots = createSlots();
  readonly #cells: string[];
  /** What is open innermost. */
  #top: Frame | null = null;
  /** A value that comes now is a root, or an element of one. */
  #isOutermost = true;
  #records = 0;

  constructor(sink: RecordSink, plan: JsonPlan) {
    this.#dialect = plan.dialect;
    this.#reading = plan.dialect.open(sink);
    this.#sink = this.#reading.sink;
    this.#values = new ValueReader(this.#sink, (frame) => this.#report(frame));
    this.#byLine = plan.byLine;
    this.#rowsByNesting = !plan.dialect.hasOwnRows;
    this.#keys = new KeyTable((name) => plan.dialect.rule(name));
    this.#cells = [...JSON_COLUMNS, ...plan.dialect.columns].map(() => '');
  }

  /** Called once, behind the last token. */
  end(): void {
    this.#reading.end();
  }

  open(isObject: boolean, place: TokenPlace): void {
    const depth = this.#open.length;
    const parent = this.#top;
    const frame = this.#frames[depth] ?? new Frame();
    this.#frames[depth] = frame;
    const isElement = parent !== null && !parent.isObject;
    frame.isRow = this.#rowsByNesting && isRowAt(this.#open, isObject, this.#byLine);
    frame.open(isObject, parent === null || isElement ? NO_KEY : parent.key, parent, place.line);
    frame.recordsBefore = this.#records;
    if (isElement) {
      parent.values += 1;
    }
    this.#open.push(frame);
    this.#lookUp();
  }

  close(): void {
    this.#closeTop(true);
  }

  key(bytes: Buffer, from: number, end: number, kind: TextKind, place: TokenPlace): void {
    const frame = this.#top as Frame;
    frame.key = this.#keys.find(bytes, from, end, isEscaped(kind));
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
    const frame = this.#top;
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
    const frame = this.#top;
    const rule = this.#ruleOf(frame);
    const first = bytes[from] as number;
    const isNumber = first === 45 || (first >= 48 && first <= 57);
    if (frame !== null && rule.role === 'field') {
      const text = bytes.toString('latin1', from, end);
      frame.addField({ name: rule.name, text, line: place.line, column: place.column });
    } else if (frame !== null && isNumber && rule.role === 'size') {
      frame.size = frame.size === '' ? bytes.toString('latin1', from, end) : frame.size;
    } else if (frame !== null && isNumber && rule.role === 'digest' && end - from >= 8) {
      this.#value(bytes, from, end, true, place);
      return;
    }
    this.#endElement(frame, bytes, from, end, place, this.#records);
  }

  overlong(bytes: Buffer, from: number, end: number, isKey: boolean, place: TokenPlace): void {
    const what = isKey ? 'key' : 'text';
    const frame = this.#top;
    if (isKey && frame !== null) {
      frame.key = NO_KEY;
    } else if (frame !== null && !frame.isObject) {
      frame.values += 1;
    }
    this.#records += 1;
    this.#sink.reject(place.line, place.column, `a ${what} is longer than 1 MiB`, excerptOf(bytes, from, end));
  }

  broken(reason: string, place: TokenPlace): void {
    this.#giveUp();
    if (this.#byLine) {
      this.#records += 1;
      this.#sink.reject(place.line, place.column, `no JSON from here on: ${reason}`, '');
    } else {
      this.#sink.fault(
        `Line ${place.line}, column ${place.column}: ${reason}. Nothing was read from there on; what came before is kept.`,
      );
    }
  }

  cut(line: number, lastLine: number): void {
    this.#giveUp();
    if (this.#byLine) {
      this.#records += 1;
      this.#sink.reject(line, 0, 'the line is cut off', '');
    } else {
      this.#sink.fault(`The JSON is cut off in line ${lastLine}. What came before is kept.`);
    }
  }

  /** To be called whenever something was opened or closed. */
  #lookUp(): void {
    const { length } = this.#open;
    const top = length === 0 ? null : (this.#open[length - 1] as Frame);
    this.#top = top;
    this.#isOutermost = top === null || (length === 1 && !top.isObject);
  }

  /** The rule a value is read by: that of its key, or of the array it lies in. */
  #ruleOf(frame: Frame | null): KeyRule {
    if (frame === null || this.#isOutermost) {
      return ELEMENT;
    }
    return frame.isObject ? frame.key : frame.rule;
  }

  #value(bytes: Buffer, from: number, end: number, isPlain: boolean, place: TokenPlace): void {
    const frame = this.#top;
    if (frame === null || this.#isOutermost) {
      this.#outermost(frame, bytes, from, end, isPlain, place);
      return;
    }
    if (!frame.isObject) {
      frame.values += 1;
    }
    this.#values.read(frame, this.#ruleOf(frame), bytes, from, end, isPlain, place);
    if (frame.claims.count >= MOST_CLAIMS) {
      this.#report(frame);
    }
  }

  /** A text that is a root or an element of one: a row of its own. */
  #outermost(frame: Frame | null, bytes: Buffer, from: number, end: number, isPlain: boolean, place: TokenPlace): void {
    const holder = frame ?? new Frame();
    const before = this.#records;
    this.#values.read(holder, ELEMENT, bytes, from, end, isPlain, place);
    for (let index = 0; index < holder.claims.count; index += 1) {
      holder.claims.at(index).isOwn = true;
    }
    this.#report(holder);
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
    if (this.#isOutermost && this.#records === recordsBefore) {
      this.#records += 1;
      this.#sink.without(place.line, NO_DIGEST, excerptOf(bytes, from, end));
    }
  }

  #reportKey(frame: Frame, place: TokenPlace): void {
    if (frame.scope !== null) {
      this.#sink.notDigest(frame.scope);
      return;
    }
    this.#records += 1;
    this.#cells.fill('');
    this.#cells[2] = frame.path;
    this.#sink.hash(place.line, place.column + 1, this.#slots, this.#cells);
  }

  #closeTop(isWhole: boolean): void {
    const frame = this.#open.pop() as Frame;
    this.#lookUp();
    const parent = this.#top;
    if (frame.isObject) {
      this.#closeObject(frame, parent, isWhole);
    } else {
      this.#closeArray(frame, parent);
    }
  }

  #closeObject(frame: Frame, parent: Frame | null, isWhole: boolean): void {
    judgeClaims(frame, this.#sink);
    const settling = this.#dialect.settle(frame, this.#open);
    const { voidedBy } = settling;
    if (voidedBy === undefined) {
      this.#takeFound(frame, settling);
    } else {
      frame.claims.count = 0;
    }
    const holder = (settling.joins < 0 ? undefined : this.#open[settling.joins]) ?? this.#holderOf(frame, parent);
    if (holder === null) {
      this.#report(frame);
    } else {
      this.#moveUp(frame, holder, (parent?.isObject === true ? frame.rule : (parent?.rule ?? NO_KEY)).stem, false);
      if (voidedBy !== undefined) {
        this.#sink.notDigest('deleted attribute');
      }
    }
    this.#endRow(frame);
    const isRow = (frame.isRow || settling.isRow) && holder === null;
    if (isRow && isWhole && this.#records === frame.recordsBefore) {
      this.#records += 1;
      this.#sink.without(frame.line, voidedBy ?? NO_DIGEST, frame.outline());
    }
    this.#reading.ended(frame, this.#open);
  }

  /** Reads what the format found in the object's fields. */
  #takeFound(frame: Frame, { values }: Settling): void {
    for (const { rule, text, from, fileName } of values) {
      if (fileName !== '') {
        frame.addName(rule.stem, 3, fileName);
      }
      const bytes = Buffer.from(text, 'utf8');
      this.#values.read(frame, rule, bytes, 0, bytes.length, true, from);
      if (frame.claims.count >= MOST_CLAIMS) {
        this.#report(frame);
      }
    }
  }

  /** The object a container belongs to: `hashes: {…}`, or `hashes: [{alg, content}, …]`. */
  #holderOf(frame: Frame, parent: Frame | null): Frame | null {
    if (parent === null) {
      return null;
    }
    if (parent.isObject) {
      return frame.rule.isContainer ? parent : null;
    }
    const isPair = parent.rule.isContainer && frame.algorithm !== '' && frame.claims.count <= 1;
    return isPair ? (this.#open[this.#open.length - 2] ?? null) : null;
  }

  #closeArray(frame: Frame, parent: Frame | null): void {
    if (parent === null || (!parent.isObject && this.#open.length === 1)) {
      this.#report(frame);
    } else {
      this.#moveUp(frame, parent, '', frame.values > 1 || !parent.isObject);
    }
    this.#endRow(frame);
    if (frame.isRow && this.#records === frame.recordsBefore) {
      this.#records += 1;
      this.#sink.without(frame.line, NO_DIGEST, frame.outline());
    }
  }

  #moveUp(frame: Frame, holder: Frame, stem: string, isOwn: boolean): void {
    holder.claims.takeAll(frame.claims, stem, isOwn);
    for (const name of frame.names) {
      holder.addName(name.stem === '' ? stem : name.stem, name.rank, name.text);
    }
    holder.size = holder.size === '' ? frame.size : holder.size;
    if (!frame.isObject) {
      frame.fields.forEach((field) => holder.addField(field));
    }
    if (holder.claims.count >= MOST_CLAIMS) {
      this.#report(holder);
    }
  }

  #endRow(frame: Frame): void {
    if (frame.deferred.count > 0) {
      this.#records += reportDeferred(frame, this.#cellsOf, this.#sink);
    }
  }

  #report(frame: Frame): void {
    judgeClaims(frame, this.#sink);
    this.#records += reportClaims(frame, this.#cellsOf, this.#sink);
  }

  readonly #cellsOf = (claim: Claim, frame: Frame): readonly string[] => {
    const cells = this.#cells;
    cells[0] = claim.file?.name ?? frame.nameOf(claim.stem);
    cells[1] = claim.file?.size ?? frame.size;
    cells[2] = claim.path === '' ? claim.rule.name : `${claim.path}.${claim.rule.name}`;
    const more = this.#reading.cells(frame, this.#open);
    for (let index = 0; index < more.length; index += 1) {
      cells[JSON_COLUMNS.length + index] = more[index] as string;
    }
    return cells;
  };

  /** Reports what the open objects held so far. */
  #giveUp(): void {
    while (this.#open.length > 0) {
      this.#closeTop(false);
    }
  }
}

/** True for most texts: nothing in them looks like a digest, whatever their escapes stand for. */
function isWithoutDigits(bytes: Buffer, from: number, end: number, kind: TextKind): boolean {
  return (kind === 'plain' || kind === 'short') && !isUuid(bytes, from, end) && !holdsHexRun(bytes, from, end);
}
