import { takeDigest } from '../bytes/hex.ts';
import { KnownTexts } from '../bytes/known-texts.ts';
import { charactersIn, excerptOf, isAsciiPart, textOf } from '../bytes/text.ts';
import { classifyName } from '../names/classify-name.ts';
import { withoutUnseen } from '../names/broken-digest.ts';
import { LABEL_BYTES, setAsideBy } from '../names/label-before.ts';
import { sha1OfFileId } from '../names/file-id.ts';
import { remembered } from '../names/remembered.ts';
import { isZeros, ZEROS } from '../names/zeros.ts';
import type { RecordSink } from '../record-sink.ts';
import { findHexRuns, isUuid } from './tokens/find-runs.ts';
import type { Frame } from './frame.ts';
import { FILE_ID, type KeyRule, LONGEST_TYPE } from './keys/key-rules.ts';
import { looseClaim } from './keys/loose-claim.ts';
import type { TokenPlace } from './tokens/tokens.ts';

/** Claims of one object that wait for its end. */
export const MOST_CLAIMS = 256;

const LONGEST_NAME = 4096;
/** Hex digits of a `FileId`. */
const FILE_ID_LENGTH = 44;
const namesAlgorithm = remembered((text) => (classifyName(text)?.kind ?? 'any') !== 'any');

/** Reads single values by the rule of their key into the object or array they lie in. */
export class ValueReader {
  /** Texts of types and fields. */
  readonly texts = new KnownTexts();
  readonly #sink: RecordSink;
  readonly #flush: (frame: Frame) => void;

  /** `flush` is called where a text alone holds more claims than may wait. */
  constructor(sink: RecordSink, flush: (frame: Frame) => void) {
    this.#sink = sink;
    this.#flush = flush;
  }

  /** `isPlain`: the bytes are not those of the input, so that places inside them say nothing. */
  read(
    frame: Frame,
    rule: KeyRule,
    bytes: Buffer,
    from: number,
    end: number,
    isPlain: boolean,
    place: TokenPlace,
  ): void {
    const length = end - from;
    switch (rule.role) {
      case 'digest':
      case 'any':
        if (this.#claim(frame, rule, bytes, from, end, place)) {
          return;
        }
        break;
      case 'id':
        if (
          (length === FILE_ID_LENGTH && this.#fileId(frame, rule, bytes, from, end, place)) ||
          this.#whole(frame, rule, bytes, from, end, place)
        ) {
          return;
        }
        break;
      case 'never':
        if (length >= 16 && length <= 4096 && isCode(bytes, from, end)) {
          this.#sink.notDigest(rule.setAside);
          return;
        }
        break;
      case 'name':
        if (length > 0) {
          frame.addName(rule.stem, rule.rank, textOf(bytes, from, Math.min(end, from + LONGEST_NAME)));
        }
        break;
      case 'size':
        frame.size = frame.size === '' && length <= 20 ? textOf(bytes, from, end) : frame.size;
        break;
      case 'type':
        this.#type(frame, bytes, from, end, rule);
        break;
      case 'field':
        frame.addField({
          name: rule.name,
          text: this.texts.textOf(bytes, from, end),
          line: place.line,
          column: place.column,
        });
        return;
      case 'other':
        break;
    }
    if (length >= 32) {
      this.#scan(frame, rule, bytes, from, end, isPlain, place);
    }
  }

  #type(frame: Frame, bytes: Buffer, from: number, end: number, rule: KeyRule): void {
    if (end - from > LONGEST_TYPE) {
      return;
    }
    const text = this.texts.textOf(bytes, from, end);
    frame.type = rule.name === 'type' ? text : frame.type;
    if (frame.algorithm === '' && namesAlgorithm(text)) {
      frame.algorithm = text;
    }
  }

  /** Takes the value of a key that speaks of digests. False when it is to be read as text. */
  #claim(frame: Frame, rule: KeyRule, bytes: Buffer, from: number, end: number, place: TokenPlace): boolean {
    if (end === from) {
      return true;
    }
    if (rule.role === 'digest' && isZeros(bytes, from, end)) {
      this.#sink.notDigest(ZEROS);
      return true;
    }
    const claim = frame.claims.add(rule, place.line, place.column + 1, frame.place);
    const bit = takeDigest(bytes, from, end, claim.slots);
    if (bit !== 0 && (rule.digest === null || isKind(bit, rule))) {
      this.#setAsideInScope(frame);
      return true;
    }
    claim.slots.mask = 0;
    frame.claims.drop();
    return this.#looseClaim(frame, rule, bytes, from, end, place);
  }

  #looseClaim(frame: Frame, rule: KeyRule, bytes: Buffer, from: number, end: number, place: TokenPlace): boolean {
    const found = looseClaim(rule, textOf(bytes, from, end));
    found.others.forEach((name) => this.#sink.notDigest(name));
    for (const { hex } of found.digests) {
      const claim = frame.claims.add(rule, place.line, place.column + 1, frame.place);
      takeDigest(Buffer.from(hex), 0, hex.length, claim.slots);
      this.#setAsideInScope(frame);
    }
    if (found.problem !== null) {
      const claim = frame.claims.add(rule, place.line, place.column + 1, frame.place);
      claim.problem = found.problem;
      claim.excerpt = excerptOf(bytes, from, end);
      this.#setAsideInScope(frame);
    }
    return !found.isText;
  }

  #setAsideInScope(frame: Frame): void {
    if (frame.scope !== null) {
      frame.claims.drop();
      this.#sink.notDigest(frame.scope);
    }
  }

  /** Keeps a whole digest under a key for identifiers until the object's type is known. */
  #whole(frame: Frame, rule: KeyRule, bytes: Buffer, from: number, end: number, place: TokenPlace): boolean {
    const claim = frame.claims.add(rule, place.line, place.column + 1, frame.place);
    if (takeDigest(bytes, from, end, claim.slots) === 0) {
      frame.claims.drop();
      return false;
    }
    this.#setAsideInScope(frame);
    return true;
  }

  /** Takes the SHA-1 of a `FileId` of Amcache. False when it is none. */
  #fileId(frame: Frame, rule: KeyRule, bytes: Buffer, from: number, end: number, place: TokenPlace): boolean {
    return (
      rule.digest === 'sha1' &&
      sha1OfFileId(bytes.toString('latin1', from, end)) !== null &&
      this.#claim(frame, FILE_ID, bytes, from, end, place)
    );
  }

  #scan(
    frame: Frame,
    rule: KeyRule,
    bytes: Buffer,
    from: number,
    end: number,
    isPlain: boolean,
    place: TokenPlace,
  ): void {
    if (isUuid(bytes, from, end)) {
      this.#sink.notDigest('uuid');
      return;
    }
    if (end - from >= 32 && !isAsciiPart(bytes, from, end)) {
      const seen = Buffer.from(withoutUnseen(bytes.toString('latin1', from, end)), 'latin1');
      if (seen.length < end - from) {
        this.#scan(frame, rule, seen, 0, seen.length, isPlain, place);
        return;
      }
    }
    findHexRuns(bytes, from, end, (start, stop) => {
      const label =
        start === from ? null : setAsideBy(bytes.toString('latin1', Math.max(from, start - LABEL_BYTES), start));
      const setAside = label ?? frame.scope;
      if (setAside !== null) {
        this.#sink.notDigest(setAside);
        return;
      }
      const column = place.column + 1 + (isPlain ? 0 : charactersIn(bytes, from, start));
      const claim = frame.claims.add(rule, place.line, column, frame.place);
      claim.isOwn = true;
      if (takeDigest(bytes, start, stop, claim.slots) === 0) {
        frame.claims.drop();
        this.#sink.notDigest(stop - start > 64 ? 'longer hex run' : 'hex run of another length');
      } else if (frame.claims.count >= MOST_CLAIMS) {
        this.#flush(frame);
      }
    });
  }
}

function isKind(bit: number, rule: KeyRule): boolean {
  return bit === (rule.digest === 'md5' ? 1 : rule.digest === 'sha1' ? 2 : 4);
}

/** One word with a digit in it. */
function isCode(bytes: Buffer, from: number, end: number): boolean {
  let hasDigit = false;
  for (let at = from; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte <= 32) {
      return false;
    }
    hasDigit = hasDigit || (byte >= 48 && byte <= 57);
  }
  return hasDigit;
}
