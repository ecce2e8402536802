import type { DigestSlots, RecordSink } from '../record-sink.ts';
import type { Dialect, DialectReading, Settling } from './dialect.ts';
import { Frame } from './frame.ts';
import type { Claim } from './keys/claims.ts';
import { NO_KEY } from './keys/key-rules.ts';
import { isInOwnHead, isRowAt } from './rows.ts';
import { judgeClaims, reportClaims, reportDeferred } from './settle.ts';
import type { TokenPlace } from './tokens/tokens.ts';
import { MOST_CLAIMS, ValueReader } from './value-reader.ts';

/** Columns every record carries, in front of those of the dialect. */
export const JSON_COLUMNS = ['name', 'size', 'key'] as const;

/** Why a row is without a hash. */
export const NO_DIGEST = 'no hash in this entry';

/** Room for a digest and some more. */
const SCRATCH_BYTES = 128;

/** The objects and arrays that are open; reports what they held when they end. */
export class OpenFrames {
  /** Where records go. */
  readonly sink: RecordSink;
  readonly values: ValueReader;
  /** What is open innermost. */
  top: Frame | null = null;
  /** A value that comes now is a root, or an element of one. */
  isOutermost = true;
  /** Records reported so far. */
  records = 0;
  readonly #byLine: boolean;
  readonly #dialect: Dialect;
  readonly #reading: DialectReading;
  /** By depth, used again and again. */
  readonly #frames: Frame[] = [];
  readonly #open: Frame[] = [];
  readonly #cells: string[];
  readonly #scratch = Buffer.alloc(SCRATCH_BYTES);

  constructor(sink: RecordSink, byLine: boolean, dialect: Dialect) {
    this.#byLine = byLine;
    this.#dialect = dialect;
    this.#reading = dialect.open(sink);
    this.sink = this.#reading.sink;
    this.values = new ValueReader(this.sink, (frame) => this.report(frame));
    this.#cells = [...JSON_COLUMNS, ...dialect.columns].map(() => '');
  }

  /** Called once, when all is closed. */
  end(): void {
    this.#reading.end();
  }

  open(isObject: boolean, line: number): void {
    const depth = this.#open.length;
    const parent = this.top;
    const frame = this.#frames[depth] ?? new Frame();
    this.#frames[depth] = frame;
    const isElement = parent !== null && !parent.isObject;
    const rule = parent === null || isElement ? NO_KEY : parent.key;
    const isInHead = isInOwnHead(parent?.isInHead ?? false, parent, rule.name);
    frame.isRow = !isInHead && !this.#dialect.hasOwnRows && isRowAt(this.#open, isObject, this.#byLine);
    frame.open(isObject, rule, parent, line, isInHead);
    frame.recordsBefore = this.records;
    if (isElement) {
      parent.values += 1;
    }
    this.#open.push(frame);
    this.#lookUp();
  }

  /** Closes what is open innermost; `isWhole` unless the input ends or breaks in it. */
  close(isWhole: boolean): void {
    const frame = this.#open.pop() as Frame;
    this.#lookUp();
    const parent = this.top;
    if (frame.isObject) {
      this.#closeObject(frame, parent, isWhole);
    } else {
      this.#closeArray(frame, parent);
    }
  }

  #closeObject(frame: Frame, parent: Frame | null, isWhole: boolean): void {
    judgeClaims(frame, this.sink);
    const settling = this.#dialect.settle(frame, this.#open);
    const { voidedBy } = settling;
    if (voidedBy === undefined) {
      this.#takeFound(frame, settling);
    } else {
      frame.claims.count = 0;
    }
    const holder = (settling.joins < 0 ? undefined : this.#open[settling.joins]) ?? this.#holderOf(frame, parent);
    if (holder === null) {
      this.report(frame);
    } else {
      this.#moveUp(frame, holder, (parent?.isObject === true ? frame.rule : (parent?.rule ?? NO_KEY)).stem, false);
      if (voidedBy !== undefined) {
        this.sink.notDigest('deleted attribute');
      }
    }
    this.#endRow(frame);
    const isRow = (frame.isRow || settling.isRow) && holder === null;
    if (isRow && isWhole && this.records === frame.recordsBefore) {
      this.records += 1;
      this.sink.without(frame.line, voidedBy ?? NO_DIGEST, frame.outline());
    }
    this.#reading.ended(frame, this.#open);
  }

  /** Reads what the format found in the object's fields. */
  #takeFound(frame: Frame, { values }: Settling): void {
    for (const { rule, text, from, fileName } of values) {
      if (fileName !== '') {
        frame.addName(rule.stem, 3, fileName);
      }
      const bytes = this.#asBytes(text);
      this.values.read(frame, rule, bytes, 0, bytes === this.#scratch ? text.length : bytes.length, true, from);
      if (frame.claims.count >= MOST_CLAIMS) {
        this.report(frame);
      }
    }
  }

  /** The bytes of a text: those of a digest in memory that is used again. */
  #asBytes(text: string): Buffer {
    const { length } = text;
    if (length > SCRATCH_BYTES) {
      return Buffer.from(text, 'utf8');
    }
    for (let at = 0; at < length; at += 1) {
      const code = text.charCodeAt(at);
      if (code > 0x7f) {
        return Buffer.from(text, 'utf8');
      }
      this.#scratch[at] = code;
    }
    return this.#scratch;
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
      this.report(frame);
    } else {
      this.#moveUp(frame, parent, '', frame.values > 1 || !parent.isObject);
    }
    this.#endRow(frame);
    if (frame.isRow && this.records === frame.recordsBefore) {
      this.records += 1;
      this.sink.without(frame.line, NO_DIGEST, frame.outline());
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
      this.report(holder);
    }
  }

  /** Reports what the open objects held so far. */
  closeAll(): void {
    while (this.#open.length > 0) {
      this.close(false);
    }
  }

  /** Reports the claims of an object or array. */
  report(frame: Frame): void {
    judgeClaims(frame, this.sink);
    this.records += reportClaims(frame, this.#cellsOf, this.sink);
  }

  /** Reports a key that is a digest. */
  reportKey(frame: Frame, place: TokenPlace, slots: DigestSlots): void {
    this.records += 1;
    this.#cells.fill('');
    this.#cells[2] = frame.path;
    this.sink.hash(place.line, place.column + 1, slots, this.#cells);
  }

  /** To be called whenever something was opened or closed. */
  #lookUp(): void {
    const { length } = this.#open;
    const top = length === 0 ? null : (this.#open[length - 1] as Frame);
    this.top = top;
    this.isOutermost = top === null || (length === 1 && !top.isObject);
  }

  #endRow(frame: Frame): void {
    if (frame.deferred.count > 0) {
      this.records += reportDeferred(frame, this.#cellsOf, this.sink);
    }
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
}
