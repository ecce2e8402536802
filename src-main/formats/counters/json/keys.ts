import type { Dialect } from '../../json/dialect.ts';
import { type KeyRule, keyRule } from '../../json/keys/key-rules.ts';
import { unescapeJson } from '../../json/tokens/unescape.ts';
import { utf8 } from './claims.ts';

interface KnownKey {
  readonly written: Buffer;
  readonly rule: KeyRule;
  /** The known key that came behind this one the last time. */
  follower: KnownKey | null;
}

const LONGEST_KEY = 200;
const MOST_KEYS = 10_000;

/** What the keys of a document say. A key is looked up as text where it is not the one that came there before. */
export class CountedKeys {
  readonly #dialect: Dialect;
  readonly #known = new Map<string, KnownKey>();
  #before: KnownKey | null = null;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  /** The rule of the key written in [from, end). */
  ruleOf(bytes: Buffer, from: number, end: number, hasEscapes: boolean): KeyRule {
    const expected = this.#before === null ? null : this.#before.follower;
    if (expected !== null && isWritten(expected.written, bytes, from, end)) {
      this.#before = expected;
      return expected.rule;
    }
    const raw = bytes.toString('latin1', from, Math.min(end, from + 4 * LONGEST_KEY));
    let known = this.#known.get(raw);
    if (known === undefined) {
      known = {
        written: Buffer.from(bytes.subarray(from, end)),
        rule: this.#learn(raw, end - from, hasEscapes),
        follower: null,
      };
      if (this.#known.size === MOST_KEYS || end - from > LONGEST_KEY) {
        return known.rule;
      }
      this.#known.set(raw, known);
    }
    if (this.#before !== null) {
      this.#before.follower = known;
    }
    this.#before = known;
    return known.rule;
  }

  #learn(raw: string, length: number, hasEscapes: boolean): KeyRule {
    const plain = hasEscapes ? unescapeJson(Buffer.from(raw, 'latin1'), 0, raw.length).toString('latin1') : raw;
    const name = hasEscapes || length > LONGEST_KEY ? utf8(plain).slice(0, LONGEST_KEY) : utf8(plain);
    return this.#dialect.rule(name) ?? keyRule(name);
  }
}

function isWritten(written: Buffer, bytes: Buffer, from: number, end: number): boolean {
  let at = written.length;
  if (at !== end - from) {
    return false;
  }
  // Keys of one object differ at their ends more often than at their beginnings.
  while (at > 0 && written[at - 1] === bytes[from + at - 1]) {
    at -= 1;
  }
  return at === 0;
}
