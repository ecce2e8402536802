import { textOf } from '../../bytes/text.ts';
import { type KeyRule, keyRule } from './key-rules.ts';
import { unescapeJson } from '../tokens/unescape.ts';

const SLOTS = 1024;
/** Places a key may have, so that two of an input do not drive each other out all the time. */
const PLACES = 4;
/** Keys beyond this length are looked at by their first bytes. */
const LONGEST = 200;

interface Known {
  readonly bytes: Buffer;
  readonly rule: KeyRule;
  /** Where the key is that came behind this one the last time. Not the key itself: it may be given up any time. */
  next: number;
}

/** Rules of keys by the keys' bytes, so that a key that was met before costs neither a string nor a pattern. */
export class KeyTable {
  readonly #slots: (Known | undefined)[] = Array.from({ length: SLOTS });
  /** Where the last key is. */
  #last = 0;
  #turn = 0;
  readonly #own: (name: string) => KeyRule | null;

  /** `own` comes first: what a format knows about a key by itself. */
  constructor(own: (name: string) => KeyRule | null = () => null) {
    this.#own = own;
  }

  find(bytes: Buffer, from: number, end: number, isEscaped: boolean): KeyRule {
    if (isEscaped || end - from > LONGEST) {
      const stop = Math.min(end, from + 4 * LONGEST);
      const plain = isEscaped ? unescapeJson(bytes, from, stop) : bytes.subarray(from, stop);
      return this.#make(textOf(plain, 0, plain.length).slice(0, LONGEST));
    }
    // Objects of one make have their keys in one order: mostly the key is the one expected.
    const last = this.#slots[this.#last];
    const next = last === undefined ? undefined : this.#slots[last.next];
    if (last !== undefined && next !== undefined && isSame(next.bytes, bytes, from, end)) {
      this.#last = last.next;
      return next.rule;
    }
    const slot = this.#slotOf(bytes, from, end);
    if (last !== undefined) {
      last.next = slot;
    }
    this.#last = slot;
    return (this.#slots[slot] as Known).rule;
  }

  /** Where the key is; it is entered where it is not yet. */
  #slotOf(bytes: Buffer, from: number, end: number): number {
    let mix = end - from;
    for (let at = from; at < end; at += 1) {
      mix = (Math.imul(mix, 31) + (bytes[at] as number)) | 0;
    }
    const home = mix ^ (mix >>> 15);
    for (let place = 0; place < PLACES; place += 1) {
      const slot = (home + place) & (SLOTS - 1);
      const known = this.#slots[slot];
      if (known !== undefined && isSame(known.bytes, bytes, from, end)) {
        return slot;
      }
      if (known === undefined) {
        return this.#enter(slot, bytes, from, end);
      }
    }
    this.#turn = (this.#turn + 1) % PLACES;
    return this.#enter((home + this.#turn) & (SLOTS - 1), bytes, from, end);
  }

  #enter(slot: number, bytes: Buffer, from: number, end: number): number {
    const rule = this.#make(textOf(bytes, from, end));
    this.#slots[slot] = { bytes: Buffer.from(bytes.subarray(from, end)), rule, next: slot };
    return slot;
  }

  #make(name: string): KeyRule {
    return this.#own(name) ?? keyRule(name);
  }
}

function isSame(known: Buffer, bytes: Buffer, from: number, end: number): boolean {
  const { length } = known;
  if (length !== end - from) {
    return false;
  }
  for (let at = 0; at < length; at += 1) {
    if (known[at] !== bytes[from + at]) {
      return false;
    }
  }
  return true;
}
