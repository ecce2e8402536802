import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Answers, FromMember, QuarterStart, Told } from './messages.ts';

/** One of the processes that live the quarter, as the parent has it. */
export interface Member {
  readonly pid: number;
  readonly isAlive: boolean;
  /** Resolves when it did what it was told; null when it was killed before it could say so. Throws what went wrong in it. */
  tell(told: Told): Promise<Answers | null>;
  kill(): void;
  /** Resolves when it is gone. */
  readonly gone: Promise<void>;
}

/** Starts a process; resolves when its engine is open. `onFault` hears of faults of work in the background. */
export async function startMember(start: QuarterStart, onFault: (text: string) => void): Promise<Member> {
  const script = fileURLToPath(new URL('process.ts', import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify(start)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(dirname(start.directory), 'compiled') },
  });
  let answer: ((answers: Answers | null) => void) | null = null;
  let isAlive = true;
  const hear = (answers: Answers | null): void => {
    const waiting = answer;
    answer = null;
    waiting?.(answers);
  };
  const gone = ended(child, () => {
    isAlive = false;
    hear(null);
  });
  child.on('message', (message: FromMember) => {
    if (message.kind === 'fault') {
      onFault(message.text);
    } else if (isAlive) {
      hear(message);
    }
  });
  const opened = new Promise<Answers | null>((resolve) => {
    answer = resolve;
  });
  if ((await opened) === null) {
    throw new Error('a process of the quarter ended before it was open');
  }
  return {
    pid: child.pid ?? 0,
    get isAlive() {
      return isAlive;
    },
    gone,
    async tell(told) {
      if (!isAlive) {
        return null;
      }
      const answers = await new Promise<Answers | null>((resolve) => {
        answer = resolve;
        child.send(told, () => undefined);
      });
      if (answers?.fault !== undefined) {
        throw new Error(`${told.kind}: ${answers.fault}`);
      }
      return answers;
    },
    kill() {
      isAlive = false;
      child.kill('SIGKILL');
      hear(null);
    },
  };
}

async function ended(child: ChildProcess, then: () => void): Promise<void> {
  child.on('error', () => undefined);
  await once(child, 'exit');
  then();
}
