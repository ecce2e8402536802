import { DIGEST_BIT, DIGEST_KINDS } from '#shared/domain/hash.ts';
import { createSlots } from '../../bytes/hex.ts';
import type { DigestSlots } from '../../record-sink.ts';
import { type KeyRule, NO_KEY } from './key-rules.ts';

/** One value that is, or should be, a digest, until the object around it ends. Reused: see ClaimList. */
export interface Claim {
  rule: KeyRule;
  /** Claims of one object with the same stem speak of the same file. */
  stem: string;
  /** A file of its own, whatever stands beside it: found in a text, or one of several in an array. */
  isOwn: boolean;
  readonly slots: DigestSlots;
  /** Why it is no digest; then the slots are empty. */
  problem: string | null;
  excerpt: string;
  line: number;
  column: number;
  /** Keys down to the object it was found in. */
  path: string;
  /** Name and size of its file, once the object it was found in has ended; null before. */
  file: { readonly name: string; readonly size: string } | null;
  isDropped: boolean;
  /** True once what stands beside it was held against it. */
  isJudged: boolean;
}

/** Claims that are kept as objects: allocated once, used for every object of an input. */
export class ClaimList {
  readonly #claims: Claim[] = [];
  count = 0;

  at(index: number): Claim {
    return this.#claims[index] as Claim;
  }

  /** A fresh claim at the end of the list. */
  add(rule: KeyRule, line: number, column: number, path: string): Claim {
    const claim = this.#claims[this.count] ?? newClaim();
    this.#claims[this.count] = claim;
    this.count += 1;
    claim.rule = rule;
    claim.stem = rule.stem;
    claim.isOwn = false;
    claim.slots.mask = 0;
    claim.problem = null;
    claim.excerpt = '';
    claim.line = line;
    claim.column = column;
    claim.path = path;
    claim.file = null;
    claim.isDropped = false;
    claim.isJudged = false;
    return claim;
  }

  /** Moves one claim of another list here, which gets an unused one in its place. */
  take(other: ClaimList, index: number): void {
    const claim = other.at(index);
    other.#claims[index] = this.#claims[this.count] ?? newClaim();
    other.at(index).isDropped = true;
    this.#claims[this.count] = claim;
    this.count += 1;
  }

  /** Takes the last claim back. */
  drop(): void {
    this.count -= 1;
  }

  /** Moves every claim of another list here, which is empty then. */
  takeAll(other: ClaimList, stem: string, isOwn: boolean): void {
    for (let index = 0; index < other.count; index += 1) {
      const claim = other.at(index);
      other.#claims[index] = this.#claims[this.count] ?? newClaim();
      this.#claims[this.count] = claim;
      this.count += 1;
      claim.stem = stem === '' ? claim.stem : claim.stem === '' ? stem : `${stem}-${claim.stem}`;
      claim.isOwn = claim.isOwn || isOwn;
    }
    other.count = 0;
  }
}

/** True when all digests of `part` are among those of `whole`, with the same values. */
export function isWithin(part: DigestSlots, whole: DigestSlots): boolean {
  if (part.mask === 0 || (part.mask & whole.mask) !== part.mask) {
    return false;
  }
  return DIGEST_KINDS.every((kind) => (part.mask & DIGEST_BIT[kind]) === 0 || isSame(part[kind], whole[kind]));
}

/** Adds the digests of `from`, none of which `into` has. */
export function addDigests(into: DigestSlots, from: DigestSlots): void {
  for (const kind of DIGEST_KINDS) {
    if ((from.mask & DIGEST_BIT[kind]) !== 0) {
      into[kind].set(from[kind]);
    }
  }
  into.mask |= from.mask;
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  for (let at = 0; at < left.length; at += 1) {
    if (left[at] !== right[at]) {
      return false;
    }
  }
  return true;
}

function newClaim(): Claim {
  return {
    rule: NO_KEY,
    stem: '',
    isOwn: false,
    slots: createSlots(),
    problem: null,
    excerpt: '',
    line: 0,
    column: 0,
    path: '',
    file: null,
    isDropped: false,
    isJudged: false,
  };
}
