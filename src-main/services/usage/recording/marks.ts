import type { NewHashes } from '../../../db/repositories/metrics/received.ts';

const NEARNESS = ['minute', 'hour', 'day'] as const satisfies readonly (keyof NewHashes)[];

/** How near two moments of one UTC day are: within the same minute, the same hour, or the day. Seconds. */
export function nearnessOf(a: number, b: number): keyof NewHashes {
  if (Math.floor(a / 60) === Math.floor(b / 60)) {
    return 'minute';
  }
  return Math.floor(a / 3_600) === Math.floor(b / 3_600) ? 'hour' : 'day';
}

/** Which of some hashes were received before, and how near; three bits for each. */
export interface Marks {
  /** There are so many; none is marked yet. Called again it changes nothing. */
  hold(count: number): void;
  /** What was received within the same minute was so within the hour and the day. */
  mark(place: number, nearness: keyof NewHashes): void;
  /** Marks those whose bit is set, from a place on. */
  add(bits: Uint8Array, from: number, nearness: keyof NewHashes): void;
  /** How many were not marked. */
  unmarked(): NewHashes;
}

export function createMarks(): Marks {
  let count = 0;
  let sets: readonly Uint8Array[] = NEARNESS.map(() => new Uint8Array(0));

  const mark = (place: number, nearness: keyof NewHashes): void => {
    for (let index = NEARNESS.indexOf(nearness); index < NEARNESS.length; index += 1) {
      const bits = sets[index] as Uint8Array;
      bits[place >>> 3] = (bits[place >>> 3] as number) | (1 << (place & 7));
    }
  };
  const unmarkedOf = (nearness: keyof NewHashes): number => {
    let marked = 0;
    for (const byte of sets[NEARNESS.indexOf(nearness)] as Uint8Array) {
      for (let rest = byte; rest !== 0; rest &= rest - 1) {
        marked += 1;
      }
    }
    return count - marked;
  };

  return {
    hold(wanted) {
      if (count !== wanted) {
        count = wanted;
        sets = NEARNESS.map(() => new Uint8Array((wanted + 7) >>> 3));
      }
    },
    mark,
    add(bits, from, nearness) {
      bits.forEach((byte, index) => {
        for (let rest = byte, bit = 0; rest !== 0; rest >>>= 1, bit += 1) {
          if ((rest & 1) === 1) {
            mark(from + index * 8 + bit, nearness);
          }
        }
      });
    },
    unmarked: () => ({ minute: unmarkedOf('minute'), hour: unmarkedOf('hour'), day: unmarkedOf('day') }),
  };
}
