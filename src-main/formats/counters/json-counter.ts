import { type Dialect, type Field, PLAIN } from '../json/dialect.ts';
import { MOST_FIELDS } from '../json/frame.ts';
import { type KeyRule, ELEMENT, LONGEST_TYPE, NO_KEY, keyRule } from '../json/keys/key-rules.ts';
import { isRowAt } from '../json/rows.ts';
import { unescapeJson } from '../json/tokens/unescape.ts';
import { MOST_REMEMBERED } from '../json/settle.ts';
import { MOST_CLAIMS } from '../json/value-reader.ts';
import type { RecordCounter } from '../record-sink.ts';
import { type CountedClaim, algorithmOf, claimsOf, filesIn, isWholeDigest, judged, utf8 } from './json-claims.ts';
import { type WalkEvents, createJsonWalk } from './json-walk.ts';

/** One open object or array. */
interface CountedLevel {
  readonly isObject: boolean;
  readonly rule: KeyRule;
  readonly hasScope: boolean;
  readonly isRow: boolean;
  readonly before: number;
  fields: readonly Field[];
  key: KeyRule;
  values: number;
  type: string;
  algorithm: string;
  claims: CountedClaim[];
  /** The row it lies in, or is. */
  row: CountedLevel | null;
  /** Of a row: digests of its files, of how many objects, and digests that wait for its end. */
  known: Set<string>;
  knownObjects: number;
  waiting: readonly string[];
}

const NOTHING_WAITS: readonly string[] = [];
const NO_CLAIMS: CountedClaim[] = [];
const NOTHING_KNOWN = new Set<string>();
const NO_FIELDS: readonly Field[] = [];
const LONGEST_KEY = 200;
const MOST_RULES = 10_000;

/** Counts the records of JSON: files by the sets of texts each object holds. */
export function createJsonCounter(byLine: boolean, dialect: Dialect = PLAIN): RecordCounter {
  const counting = new JsonCounting(byLine, dialect);
  const walk = createJsonWalk(counting, byLine);
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
  readonly #rules = new Map<string, KeyRule>();
  readonly #open: CountedLevel[] = [];
  records = 0;

  constructor(byLine: boolean, dialect: Dialect) {
    this.#byLine = byLine;
    this.#dialect = dialect;
  }

  open(isObject: boolean): void {
    const parent = this.#open.at(-1);
    const rule = parent?.isObject === true ? parent.key : NO_KEY;
    if (parent !== undefined && !parent.isObject) {
      parent.values += 1;
    }
    const isRow = !this.#dialect.hasOwnRows && isRowAt(this.#open, isObject, this.#byLine);
    const hasScope = rule.scope !== null || parent?.hasScope === true;
    const level = newLevel(isObject, rule, hasScope, isRow, this.records);
    level.row = isRow ? level : (parent?.row ?? null);
    this.#open.push(level);
  }

  close(): void {
    this.#close(true);
  }

  key(text: string): void {
    const level = this.#open.at(-1) as CountedLevel;
    level.key = this.#ruleOf(text);
    this.records += isWholeDigest(text) && !level.hasScope ? 1 : 0;
  }

  text(raw: string): void {
    this.#value(raw.includes('\\') ? unescaped(raw) : raw);
  }

  /** Short texts under a key that says nothing about files. */
  isIdle(length: number): boolean {
    const level = this.#open[this.#open.length - 1];
    return length < 32 && level?.isObject === true && level.key.role === 'other';
  }

  scalar(text: string): void {
    const level = this.#open.at(-1);
    if (level !== undefined && this.#roleIn(level) === 'field') {
      const name = (level.isObject ? level.key : level.rule).name;
      level.fields = [...level.fields, { name, text, line: 0, column: 0 }].slice(0, MOST_FIELDS);
    }
    if (level !== undefined && /^[-\d]/.test(text) && text.length >= 8 && this.#roleIn(level) === 'digest') {
      this.#value(text);
    } else {
      this.#endElement(this.records);
    }
  }

  overlong(isKey: boolean): void {
    const level = this.#open.at(-1);
    if (isKey && level !== undefined) {
      level.key = NO_KEY;
    } else if (level?.isObject === false) {
      level.values += 1;
    }
    this.records += 1;
  }

  stop(): void {
    while (this.#open.length > 0) {
      this.#close(false);
    }
    this.records += this.#byLine ? 1 : 0;
  }

  #roleIn(level: CountedLevel): KeyRule['role'] {
    if (!level.isObject && this.#open.length === 1) {
      return ELEMENT.role;
    }
    return (level.isObject ? level.key : level.rule).role;
  }

  #value(text: string): void {
    const level = this.#open.at(-1);
    if (level === undefined || (!level.isObject && this.#open.length === 1)) {
      const before = this.records;
      const alone = newLevel(false, NO_KEY, false, false, 0);
      this.#take(alone, claimsOf(ELEMENT, text, false), true);
      this.#flush(alone);
      this.#endElement(before);
      return;
    }
    level.values += level.isObject ? 0 : 1;
    const rule = level.isObject ? level.key : level.rule;
    if (rule.role === 'type' && text.length <= LONGEST_TYPE) {
      level.type = rule.name === 'type' ? utf8(text) : level.type;
      level.algorithm = level.algorithm === '' ? algorithmOf(utf8(text)) : level.algorithm;
    } else if (rule.role === 'field' && level.fields.length < MOST_FIELDS) {
      level.fields = [...level.fields, { name: rule.name, text: utf8(text), line: 0, column: 0 }];
    }
    this.#take(level, claimsOf(rule, text, level.hasScope), false);
  }

  #take(level: CountedLevel, claims: readonly CountedClaim[], isOwn: boolean): void {
    for (const claim of claims) {
      const isOfText = claim.isOwn;
      claim.isOwn = claim.isOwn || isOwn;
      push(level, claim);
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
    const level = this.#open.at(-1);
    if (level?.isObject === false) {
      level.values += 1;
    }
    const isOutermost = level === undefined || (!level.isObject && this.#open.length === 1);
    this.records += isOutermost && this.records === before ? 1 : 0;
  }

  #close(isWhole: boolean): void {
    const level = this.#open.pop() as CountedLevel;
    const parent = this.#open.at(-1);
    if (!level.isObject) {
      const isTop = parent === undefined || (!parent.isObject && this.#open.length === 1);
      this.#hand(level, isTop ? undefined : parent, '', level.values > 1 || parent?.isObject === false);
      this.#endRow(level);
      this.records += level.isRow && this.records === level.before ? 1 : 0;
      return;
    }
    if (level.claims.length > 0) {
      level.claims = judged(level.claims, level.type, level.algorithm);
    }
    const settling = this.#dialect.settle(level, this.#open);
    if (settling.voidedBy !== undefined) {
      level.claims = NO_CLAIMS;
    }
    for (const { rule, text } of settling.voidedBy === undefined ? settling.values : []) {
      const found = claimsOf(rule, Buffer.from(text, 'utf8').toString('latin1'), level.hasScope);
      this.#take(level, found, false);
    }
    const holder = this.#open[settling.joins] ?? this.#holderOf(level, parent);
    this.#hand(level, holder, (parent?.isObject === true ? level.rule : (parent?.rule ?? NO_KEY)).stem, false);
    this.#endRow(level);
    const isRow = (level.isRow || settling.isRow) && holder === undefined && isWhole;
    this.records += isRow && this.records === level.before ? 1 : 0;
  }

  #holderOf(level: CountedLevel, parent: CountedLevel | undefined): CountedLevel | undefined {
    if (parent?.isObject !== false) {
      return level.rule.isContainer ? parent : undefined;
    }
    const isPair = parent.rule.isContainer && level.algorithm !== '' && level.claims.length <= 1;
    return isPair ? this.#open.at(-2) : undefined;
  }

  /** Hands claims up to another level, or counts them. */
  #hand(level: CountedLevel, holder: CountedLevel | undefined, stem: string, isOwn: boolean): void {
    if (holder === undefined) {
      this.#flush(level);
      return;
    }
    for (const claim of level.claims) {
      claim.stem = stem === '' || claim.stem === '' ? stem + claim.stem : `${stem}-${claim.stem}`;
      claim.isOwn = claim.isOwn || isOwn;
      push(holder, claim);
    }
    if (!level.isObject) {
      holder.fields = [...holder.fields, ...level.fields].slice(0, MOST_FIELDS);
    }
    if (holder.claims.length >= MOST_CLAIMS) {
      this.#flush(holder);
    }
  }

  #flush(level: CountedLevel): void {
    if (level.claims.length === 0) {
      return;
    }
    const claims = judged(level.claims, level.type, level.algorithm);
    const { row } = level;
    level.claims = NO_CLAIMS;
    if (row === null) {
      this.records += filesIn(claims);
      return;
    }
    const files = claims.filter(({ isOwn, hex }) => !isOwn || hex === '');
    const found = new Set(files.map(({ hex }) => hex).filter((hex) => hex !== ''));
    this.records += filesIn(files);
    if (found.size > 0 && row.knownObjects < MOST_REMEMBERED) {
      row.knownObjects += 1;
      row.known = row.knownObjects === 1 ? new Set() : row.known;
      found.forEach((hex) => row.known.add(hex));
    }
    for (const { isOwn, hex } of claims) {
      if (isOwn && hex !== '' && !found.has(hex)) {
        row.waiting = [...row.waiting, hex];
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
    this.records += row.waiting.filter((hex) => !row.known.has(hex)).length;
    row.waiting = NOTHING_WAITS;
  }

  #ruleOf(raw: string): KeyRule {
    const known = this.#rules.get(raw);
    if (known !== undefined) {
      return known;
    }
    const written = raw.includes('\\') || raw.length > LONGEST_KEY ? raw.slice(0, 4 * LONGEST_KEY) : raw;
    const name = utf8(raw.includes('\\') ? unescaped(written) : written);
    const cut = written === raw && !raw.includes('\\') && raw.length <= LONGEST_KEY ? name : name.slice(0, LONGEST_KEY);
    const rule = this.#dialect.rule(cut) ?? keyRule(cut);
    if (this.#rules.size < MOST_RULES && raw.length <= LONGEST_KEY) {
      this.#rules.set(raw, rule);
    }
    return rule;
  }
}

function newLevel(isObject: boolean, rule: KeyRule, hasScope: boolean, isRow: boolean, before: number): CountedLevel {
  return {
    isObject,
    rule,
    hasScope,
    isRow,
    before,
    fields: NO_FIELDS,
    key: NO_KEY,
    values: 0,
    type: '',
    algorithm: '',
    claims: NO_CLAIMS,
    row: null,
    known: NOTHING_KNOWN,
    knownObjects: 0,
    waiting: NOTHING_WAITS,
  };
}

function unescaped(raw: string): string {
  return unescapeJson(Buffer.from(raw, 'latin1'), 0, raw.length).toString('latin1');
}

/** Adds a claim; most levels never have one. */
function push(level: CountedLevel, claim: CountedClaim): void {
  if (level.claims === NO_CLAIMS) {
    level.claims = [claim];
  } else {
    level.claims.push(claim);
  }
}
