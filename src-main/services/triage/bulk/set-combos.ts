import type { SetEvidence } from '#shared/domain/evidence.ts';
import type { OpenSet } from '../set-lookup.ts';

/** The most combinations a column of 16 bits can number. */
const MOST = 0xff_ff;

/**
 * Which known sets hold a digest, as one small number: combination 0 is none. A set counts once, strongly if a SHA-256
 * led to it. Few combinations ever occur, so that a row costs two bytes however many sets there are.
 */
export class SetCombos {
  readonly #sets: readonly OpenSet[];
  /** Per combination: set number -> only weakly found. */
  readonly #members: ReadonlyMap<number, boolean>[] = [new Map()];
  readonly #numbers = new Map<string, number>([['', 0]]);
  readonly #evidence: (readonly SetEvidence[])[] = [[]];
  readonly #unions = new Map<number, number>();
  readonly #weakened: number[] = [];
  /** The number of each set by itself, strongly and weakly found: asked for with every digest that is in one. */
  readonly #alone: number[] = [];

  constructor(sets: readonly OpenSet[]) {
    this.#sets = sets;
  }

  /** The combination with one more set. */
  add(combo: number, set: number, weak: boolean): number {
    const place = 2 * set + (weak ? 1 : 0);
    const alone = this.#alone[place] ?? this.#number(new Map([[set, weak]]));
    this.#alone[place] = alone;
    return this.union(combo, alone);
  }

  union(a: number, b: number): number {
    if (a === 0 || b === 0 || a === b) {
      return a === 0 ? b : a;
    }
    const key = a * (MOST + 1) + b;
    let union = this.#unions.get(key);
    if (union === undefined) {
      const members = new Map(this.#membersOf(a));
      for (const [set, weak] of this.#membersOf(b)) {
        members.set(set, weak && members.get(set) !== false);
      }
      union = this.#number(members);
      this.#unions.set(key, union);
    }
    return union;
  }

  /** The same sets, all of them found by MD5 or SHA-1 alone. */
  weaken(combo: number): number {
    let weakened = this.#weakened[combo];
    if (weakened === undefined) {
      weakened = this.#number(new Map([...this.#membersOf(combo).keys()].map((set) => [set, true])));
      this.#weakened[combo] = weakened;
    }
    return weakened;
  }

  evidence(combo: number): readonly SetEvidence[] {
    let evidence = this.#evidence[combo];
    if (evidence === undefined) {
      evidence = [...this.#membersOf(combo)].flatMap(([set, weak]) => {
        const hit = this.#sets[set]?.hit;
        return hit === undefined ? [] : [{ mark: hit.mark, datedAt: hit.datedAt, weak }];
      });
      this.#evidence[combo] = evidence;
    }
    return evidence;
  }

  #membersOf(combo: number): ReadonlyMap<number, boolean> {
    return this.#members[combo] ?? new Map<number, boolean>();
  }

  #number(members: ReadonlyMap<number, boolean>): number {
    const sorted = [...members].sort(([a], [b]) => a - b);
    const key = sorted.map(([set, weak]) => `${set}${weak ? 'w' : 's'}`).join(' ');
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#members.length;
      if (number > MOST) {
        throw new RangeError('more than 65,535 combinations of known sets occur together');
      }
      this.#members.push(new Map(sorted));
      this.#numbers.set(key, number);
    }
    return number;
  }
}
