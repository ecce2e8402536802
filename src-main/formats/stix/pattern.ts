import { type Way, addAll, allOf } from '../parts/ways.ts';
import { type PatternToken, patternTokens } from './pattern-tokens.ts';

/** One thing a pattern compares with a value: `file:hashes.'SHA-256' = '…'`. */
export interface Comparison {
  /** The object path as written. */
  readonly path: string;
  readonly value: string;
}

/** One way a pattern can match: comparisons that hold for the same object. */
export type Alternative = Way<Comparison>;

const DEEPEST = 64;

/**
 * The ways a pattern of STIX 2.0 or 2.1 can match (part 5 of the 2.0, section 9 of the 2.1 specification). AND inside
 * one observation joins comparisons; OR, IN, several observations and qualifiers between them do not. What is negated is
 * left out. Null when it is no such pattern.
 */
export function readPattern(pattern: string): Alternative[] | null {
  const tokens = patternTokens(pattern);
  if (tokens === null || tokens.length === 0) {
    return null;
  }
  const parser = new Parser(tokens);
  const alternatives = parser.observations(0);
  return parser.isSound && parser.isAtEnd ? alternatives : null;
}

class Parser {
  readonly #tokens: readonly PatternToken[];
  #at = 0;
  isSound = true;

  constructor(tokens: readonly PatternToken[]) {
    this.#tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  /** `[…] AND […] WITHIN 5 SECONDS FOLLOWEDBY (…)`: every observation speaks of its own file. */
  observations(depth: number): Alternative[] {
    const all = this.#observation(depth);
    for (;;) {
      this.#qualifiers();
      if (!this.#takes('AND') && !this.#takes('OR') && !this.#takes('FOLLOWEDBY')) {
        return all;
      }
      addAll(all, this.#observation(depth));
    }
  }

  #observation(depth: number): Alternative[] {
    if (depth < DEEPEST && this.#takes('(')) {
      const inner = this.observations(depth + 1);
      this.#needs(')');
      return inner;
    }
    this.#needs('[');
    const alternatives = this.#anyOf(depth);
    this.#needs(']');
    return alternatives;
  }

  /** `WITHIN 5 SECONDS`, `REPEATS 3 TIMES`, `START t'…' STOP t'…'`. */
  #qualifiers(): void {
    for (;;) {
      if (this.#takes('WITHIN') || this.#takes('REPEATS')) {
        this.#at += 2;
      } else if (this.#takes('START')) {
        // Each time is a t and a text.
        this.#at += 2;
        this.#needs('STOP');
        this.#at += 2;
      } else {
        return;
      }
    }
  }

  #anyOf(depth: number): Alternative[] {
    const all = this.#allOf(depth);
    while (this.#takes('OR')) {
      addAll(all, this.#allOf(depth));
    }
    return all;
  }

  #allOf(depth: number): Alternative[] {
    let all = this.#one(depth);
    while (this.#takes('AND')) {
      all = allOf(all, this.#one(depth));
    }
    return all;
  }

  #one(depth: number): Alternative[] {
    if (depth < DEEPEST && this.#takes('(')) {
      const inner = this.#anyOf(depth + 1);
      this.#needs(')');
      return inner;
    }
    const isNegated = this.#takes('NOT');
    if (this.#takes('EXISTS')) {
      this.#at += 1;
      return [[]];
    }
    const path = this.#next('word');
    const isNot = this.#takes('NOT') !== isNegated;
    const operator = this.#next();
    const values = operator === 'IN' ? this.#set() : [this.#next()];
    const isEqual = operator === '=' || operator === '==' || operator === 'IN';
    // What is negated or only like a value names no file.
    return isEqual && !isNot && path.includes(':') ? values.map((value) => [{ path, value }]) : [[]];
  }

  #set(): string[] {
    const values: string[] = [];
    this.#needs('(');
    while (this.isSound && !this.#takes(')')) {
      values.push(this.#next());
      this.#takes(',');
    }
    return values;
  }

  #takes(word: string): boolean {
    const token = this.#tokens[this.#at];
    const isIt = token !== undefined && token.kind !== 'text' && token.text === word;
    this.#at += isIt ? 1 : 0;
    return isIt;
  }

  #needs(word: string): void {
    this.isSound = this.#takes(word) && this.isSound;
  }

  #next(kind?: PatternToken['kind']): string {
    const token = this.#tokens[this.#at];
    this.#at += 1;
    if (token === undefined || (kind !== undefined && token.kind !== kind)) {
      this.isSound = false;
      return '';
    }
    return token.text;
  }
}
