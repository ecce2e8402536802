import { textOf } from '../../bytes/text.ts';
import { type KeyRule, keyRule } from './key-rules.ts';
import { unescapeJson } from '../tokens/unescape.ts';

const SLOTS = 1024;
/** Keys beyond this length are looked at by their first bytes. */
const LONGEST = 200;

interface Known {
  readonly bytes: Buffer;
  readonly rule: KeyRule;
}

/** Rules of keys by the keys' bytes, so that a key that was met before costs neither a string nor a pattern. */
export class KeyTable {
  readonly #known: (Known | undefined)[] = Array.from({ length: SLOTS });
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
    let mix = end - from;
    for (let at = from; at < end; at += 1) {
      mix = (Math.imul(mix, 31) + (bytes[at] as number)) | 0;
    }
    const slot = (mix ^ (mix >>> 15)) & (SLOTS - 1);
    const known = this.#known[slot];
    if (known !== undefined && isSame(known.bytes, bytes, from, end)) {
      return known.rule;
    }
    const rule = this.#make(textOf(bytes, from, end));
    this.#known[slot] = { bytes: Buffer.from(bytes.subarray(from, end)), rule };
    return rule;
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
