import { setTimeout as pause } from 'node:timers/promises';
import { whoIsOwner } from '#main/jobs/owner-lock.ts';
import { startMember, type Member } from './member.ts';
import type { Answers, Told } from './messages.ts';

/** Two processes on one directory: one owns asking, the other does what people do. */
export interface Pair {
  /** Undefined from the moment it is killed until another one was found. */
  owner(): Member | undefined;
  /** The one that does not own asking. */
  reader(): Member;
  /** Both live, and one of them is known to be the owner. */
  isWhole(): boolean;
  areAlive(): boolean;
  tell(told: Told): Promise<readonly (Answers | null)[]>;
  /** Moves the clocks of both; the owner is done when it looked at the gauges. */
  move(kind: 'pass' | 'sleep' | 'set-wall', milliseconds: number): Promise<readonly (Answers | null)[]>;
  kill(): void;
  /** Resolves when those that were killed are gone, and takes them out of the pair. True when nobody is left. */
  bury(): Promise<boolean>;
  /** Starts what is missing and waits for an owner. */
  complete(): Promise<void>;
  /** The owner gives up; returns when the other one took over. */
  swap(): Promise<void>;
  end(): Promise<void>;
}

export interface PairParts {
  readonly directory: string;
  readonly seed: number;
  /** Milliseconds since the epoch, for processes that start. */
  readonly now: () => number;
  readonly onFault: (text: string) => void;
}

/** A pair without any process; `complete` starts them. */
export function createPair({ directory, seed, now, onFault }: PairParts): Pair {
  let members: readonly Member[] = [];
  let ownerPid = 0;

  const tell: Pair['tell'] = (told) => Promise.all(members.map((member) => member.tell(told)));
  const owner: Pair['owner'] = () => members.find((one) => one.isAlive && one.pid === ownerPid);
  const areAlive = (): boolean => members.every(({ isAlive }) => isAlive);

  /** Returns when an owner that lives has begun, or nobody is left who could be one. */
  async function findOwner(): Promise<void> {
    while (members.some(({ isAlive }) => isAlive)) {
      const pid = whoIsOwner(directory)?.pid;
      if (pid !== undefined && members.some((one) => one.isAlive && one.pid === pid)) {
        ownerPid = pid;
        await tell({ kind: 'settle' });
        return;
      }
      await pause(20);
    }
  }

  return {
    owner,
    areAlive,
    tell,
    reader() {
      const found = members.find((one) => one.isAlive && one.pid !== ownerPid);
      if (found === undefined) {
        throw new Error('no process stands by');
      }
      return found;
    },
    isWhole: () => members.length === 2 && areAlive() && owner() !== undefined,
    move: (kind, milliseconds) =>
      Promise.all(members.map((member) => member.tell({ kind, milliseconds, looks: member.pid === ownerPid }))),
    kill: () => members.forEach((member) => member.kill()),
    async bury() {
      const dead = members.filter(({ isAlive }) => !isAlive);
      await Promise.all(dead.map(({ gone }) => gone));
      members = members.filter((member) => !dead.includes(member));
      return members.length === 0;
    },
    async complete() {
      while (members.length < 2) {
        const member = await startMember({ directory, seed, now: now() }, onFault);
        members = [...members, member];
        await member.tell({ kind: 'seek' });
      }
      await findOwner();
    },
    async swap() {
      const before = owner();
      await before?.tell({ kind: 'give-up' });
      await findOwner();
      await before?.tell({ kind: 'seek' });
    },
    async end() {
      for (const member of members) {
        await member.tell({ kind: 'stop' });
        await member.gone;
      }
    },
  };
}
