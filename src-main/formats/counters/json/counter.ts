import { type Dialect, PLAIN } from '../../json/dialect.ts';
import { ELEMENT, type KeyRule, LONGEST_TYPE, NO_KEY } from '../../json/keys/key-rules.ts';
import { opensEnvelope } from '../../json/keys/envelope.ts';
import { isInOwnHead, isRowAt, OWN_DOCUMENT } from '../../json/rows.ts';
import { unescapeJson } from '../../json/tokens/unescape.ts';
import { MOST_REMEMBERED } from '../../json/settle.ts';
import { MOST_CLAIMS } from '../../json/value-reader.ts';
import { KnownTexts } from '../../bytes/known-texts.ts';
import { textOf } from '../../bytes/text.ts';
import type { RecordCounter } from '../../record-sink.ts';
import { holdsDigits, isDigestAt } from './digits.ts';
import { type CountedClaim, algorithmOf, claimsOf, filesIn, judged, latin1, utf8 } from './claims.ts';
import { CountedKeys } from './keys.ts';
import { CountedLevel } from './level.ts';
import { JsonWalk, type WalkEvents } from './walk.ts';

/** Digests that are found faster one after the other than in a set made for it. */
const FEW = 16;

/** Counts the records of JSON: files by the sets of texts each object holds. */
export function createJsonCounter(byLine: boolean, dialect: Dialect = PLAIN): RecordCounter {
  const counting = new JsonCounting(byLine, dialect);
  const walk = new JsonWalk(counting, byLine);
  return {
    push: (chunk) => walk.push(chunk),
    end() {
      walk.end();
      return counting.records;
    },
  };
}

class JsonCounting implements WalkEvents {
  readonly #byLine: boolean;
  readonly #dialect: Dialect;
  readonly #keys: CountedKeys;
  readonly #texts = new KnownTexts();
  /** By depth, used again and again; those in #open are open. */
  readonly #levels: CountedLevel[] = [];
  readonly #open: CountedLevel[] = [];
  #level: CountedLevel | null = null;
  /** A value that comes now is a root, or an element of one. */
  #isOutermost = true;
  records = 0;

  constructor(byLine: boolean, dialect: Dialect) {
    this.#byLine = byLine;
    this.#dialect = dialect;
    this.#keys = new CountedKeys(dialect);
  }

  open(isObject: boolean): void {
    const parent = this.#level;
    const depth = this.#open.length;
    const rule = parent !== null && parent.isObject ? parent.key : NO_KEY;
    if (parent !== null && !parent.isObject) {
      parent.values += 1;
    }
    const isInHead = parent !== null && isInOwnHead(parent.isInHead, parent, rule.name);
    const isRow = !isInHead && !this.#dialect.hasOwnRows && isRowAt(this.#open, isObject, this.#byLine);
    const level = this.#levels[depth] ?? new CountedLevel();
    this.#levels[depth] = level;
    level.open(isObject, rule, parent, isInHead, isRow);
    level.before = this.records;
    this.#open.push(level);
    this.#enter(level);
  }

  close(): void {
    this.#close(true);
  }

  key(bytes: Buffer, from: number, end: number, hasEscapes: boolean): void {
    const level = this.#level as CountedLevel;
    level.key = this.#keys.ruleOf(bytes, from, end, hasEscapes);
    level.isOfLog = level.isOfLog || level.key.isOfLog;
    level.isEnvelope = level.isEnvelope || opensEnvelope(level.key);
    if (level.key.name === OWN_DOCUMENT) {
      level.isInHead = true;
      level.hasScope = true;
    }
    this.records += !level.hasScope && isDigestAt(bytes, from, end) ? 1 : 0;
  }

  text(bytes: Buffer, from: number, end: number, hasEscapes: boolean): void {
    const level = this.#level;
    const { role } = this.#isOutermost ? ELEMENT : ruleIn(level as CountedLevel);
    if (this.#isOutermost && isDigestAt(bytes, from, end)) {
      this.records += 1;
      this.#countValue(level);
    } else if (isIdle(role) && !holdsDigits(bytes, from, end)) {
      this.#countValue(level);
    } else if (role === 'field' && !this.#isOutermost) {
      this.#field(level as CountedLevel, bytes, from, end, hasEscapes);
    } else {
      const plain = hasEscapes ? unescapeJson(bytes, from, end) : null;
      this.#value(plain === null ? bytes.toString('latin1', from, end) : plain.toString('latin1'));
    }
  }

  scalar(bytes: Buffer, from: number, end: number): void {
    const level = this.#level;
    const rule = this.#isOutermost ? ELEMENT : ruleIn(level as CountedLevel);
    const first = bytes[from] as number;
    if (level !== null && rule.role === 'field' && this.#dialect.settledBy.has(rule.name)) {
      level.addField(rule.name, this.#texts.textOf(bytes, from, end));
    }
    // A number: those of digits alone pass for digests.
    if (level !== null && rule.role === 'digest' && end - from >= 8 && (first === 45 || (first >= 48 && first <= 57))) {
      this.#value(bytes.toString('latin1', from, end));
    } else {
      this.#endElement(this.records);
    }
  }

  overlong(isKey: boolean): void {
    const level = this.#level;
    if (isKey && level !== null) {
      level.key = NO_KEY;
    } else {
      this.#countValue(level);
    }
    this.records += 1;
  }

  stop(): void {
    while (this.#open.length > 0) {
      this.#close(false);
    }
    this.records += this.#byLine ? 1 : 0;
  }

  #enter(level: CountedLevel | null): void {
    this.#level = level;
    this.#isOutermost = level === null || (!level.isObject && this.#open.length === 1);
  }

  #countValue(level: CountedLevel | null): void {
    if (level !== null && !level.isObject) {
      level.values += 1;
    }
  }

  /** Keeps the text of a field that says something about its object. */
  #field(level: CountedLevel, bytes: Buffer, from: number, end: number, hasEscapes: boolean): void {
    this.#countValue(level);
    const { name } = ruleIn(level);
    if (this.#dialect.settledBy.has(name)) {
      const plain = hasEscapes ? unescapeJson(bytes, from, end) : null;
      level.addField(name, plain === null ? this.#texts.textOf(bytes, from, end) : textOf(plain, 0, plain.length));
    }
  }

  #value(text: string): void {
    const level = this.#level;
    if (level === null || this.#isOutermost) {
      const before = this.records;
      const alone = new CountedLevel();
      this.#take(alone, claimsOf(ELEMENT, text, false), true);
      this.#flush(alone);
      this.#endElement(before);
      return;
    }
    this.#countValue(level);
    const rule = ruleIn(level);
    if (rule.role === 'type' && text.length <= LONGEST_TYPE) {
      level.type = rule.name === 'type' ? utf8(text) : level.type;
      level.algorithm = level.algorithm === '' ? algorithmOf(utf8(text)) : level.algorithm;
    }
    this.#take(level, claimsOf(rule, text, level.hasScope), false);
  }

  #take(level: CountedLevel, claims: readonly CountedClaim[], isOwn: boolean): void {
    for (const claim of claims) {
      const isOfText = claim.isOwn;
      claim.isOwn = claim.isOwn || isOwn;
      level.claims.push(claim);
      if (isOfText && level.claims.length >= MOST_CLAIMS) {
        this.#flush(level);
      }
    }
    if (level.claims.length >= MOST_CLAIMS) {
      this.#flush(level);
    }
  }

  /** A root, or an element of one, that held nothing is a record without a hash. */
  #endElement(before: number): void {
    this.#countValue(this.#level);
    this.records += this.#isOutermost && this.records === before ? 1 : 0;
  }

  #close(isWhole: boolean): void {
    const level = this.#open.pop() as CountedLevel;
    const parent = this.#open.length === 0 ? null : (this.#open[this.#open.length - 1] as CountedLevel);
    this.#enter(parent);
    if (level.isObject) {
      this.#closeObject(level, parent, isWhole);
      return;
    }
    this.#hand(level, this.#isOutermost ? null : parent, '', level.values > 1 || parent?.isObject === false);
    this.#endRow(level);
    this.records += level.isRow && this.records === level.before ? 1 : 0;
  }

  #closeObject(level: CountedLevel, parent: CountedLevel | null, isWhole: boolean): void {
    if (level.claims.length > 0) {
      level.claims = judged(level.claims, level);
    }
    const settling = this.#dialect.settle(level, this.#open);
    if (settling.voidedBy !== undefined) {
      level.takeClaims();
    }
    for (const { rule, text } of settling.voidedBy === undefined ? settling.values : []) {
      this.#take(level, claimsOf(rule, latin1(text), level.hasScope), false);
    }
    const joined = settling.joins < 0 ? undefined : this.#open[settling.joins];
    const holder = joined ?? this.#holderOf(level, parent);
    this.#hand(level, holder, (parent?.isObject === true ? level.rule : (parent?.rule ?? NO_KEY)).stem, false);
    this.#endRow(level);
    const isRow = (level.isRow || settling.isRow) && holder === null && isWhole;
    this.records += isRow && this.records === level.before ? 1 : 0;
  }

  #holderOf(level: CountedLevel, parent: CountedLevel | null): CountedLevel | null {
    if (parent === null || parent.isObject) {
      return level.rule.isContainer ? parent : null;
    }
    const isPair = parent.rule.isContainer && level.algorithm !== '' && level.claims.length <= 1;
    return isPair ? (this.#open.at(-2) ?? null) : null;
  }

  /** Hands claims up to another level, or counts them. */
  #hand(level: CountedLevel, holder: CountedLevel | null, stem: string, isOwn: boolean): void {
    if (holder === null) {
      this.#flush(level);
      return;
    }
    if (level.claims.length > 0) {
      for (const claim of level.claims) {
        claim.stem = stem === '' || claim.stem === '' ? stem + claim.stem : `${stem}-${claim.stem}`;
        claim.isOwn = claim.isOwn || isOwn;
      }
      holder.claims = holder.claims.length === 0 ? level.claims : [...holder.claims, ...level.claims];
    }
    if (!level.isObject && level.fields.length > 0) {
      level.fields.forEach(({ name, text }) => holder.addField(name, text));
    }
    if (holder.claims.length >= MOST_CLAIMS) {
      this.#flush(holder);
    }
  }

  #flush(level: CountedLevel): void {
    if (level.claims.length === 0) {
      return;
    }
    const claims = judged(level.takeClaims(), level);
    const { row } = level;
    if (row === null) {
      this.records += filesIn(claims);
      return;
    }
    const files = claims.filter(({ isOwn, hex }) => !isOwn || hex === '');
    const found = files.map(({ hex }) => hex).filter((hex) => hex !== '');
    this.records += filesIn(files);
    if (found.length > 0 && row.knownObjects < MOST_REMEMBERED) {
      row.knownObjects += 1;
      found.forEach((hex) => row.known.push(hex));
    }
    for (const { isOwn, hex } of files.length === claims.length ? [] : claims) {
      if (isOwn && hex !== '' && !found.includes(hex)) {
        row.waiting.push(hex);
        if (row === level || row.waiting.length >= MOST_REMEMBERED) {
          this.#endRow(row);
        }
      }
    }
  }

  #endRow(row: CountedLevel): void {
    if (row.waiting.length === 0) {
      return;
    }
    const { known } = row;
    const many = known.length > FEW ? new Set(known) : null;
    this.records += row.waiting.filter((hex) => !(many === null ? known.includes(hex) : many.has(hex))).length;
    row.waiting = [];
  }
}

/** The rule a value in here is read by: that of its key, or of the array. */
function ruleIn(level: CountedLevel): KeyRule {
  return level.isObject ? level.key : level.rule;
}

/** True where only digits of a digest in a text would change anything. */
function isIdle(role: KeyRule['role']): boolean {
  return role === 'other' || role === 'name' || role === 'size' || role === 'id' || role === 'never';
}
