import { useRef, useState } from 'react';
import type { Verification } from '#shared/contract/report.ts';
import { call, CallError, registerFiles, sentenceOf } from '../../bridge/client.ts';
import { useIsOpen } from '../../components/use-is-open.ts';

/** How one file came out. */
export type Looked =
  | { readonly kind: 'cancelled'; readonly name: string }
  | { readonly kind: 'failed'; readonly name: string; readonly sentence: string }
  | { readonly kind: 'verified'; readonly name: string; readonly found: Verification };

export interface Verifications {
  /** How the files came out so far, in the order they were given. */
  readonly looked: readonly Looked[];
  /** The one that is read now; null when none is. */
  readonly reading: string | null;
  /** Names of those behind it. */
  readonly waiting: readonly string[];
  /** Takes files: behind those under way, or in place of what was shown. */
  readonly add: (files: readonly File[]) => void;
  /** Cancels the one being read and forgets the others. */
  readonly giveUp: () => void;
}

/** Verifies files one after the other, whenever they are given: what is said always belongs to the file it names. */
export function useVerifications(): Verifications {
  const queue = useRef<File[]>([]);
  const isRunning = useRef(false);
  const [looked, setLooked] = useState<readonly Looked[]>([]);
  const [reading, setReading] = useState<string | null>(null);
  const [waiting, setWaiting] = useState<readonly string[]>([]);
  const isOpen = useIsOpen();
  const tellWaiting = (): void => setWaiting(queue.current.map(({ name }) => name));
  const work = async (): Promise<void> => {
    isRunning.current = true;
    for (let file = queue.current.shift(); file !== undefined; file = queue.current.shift()) {
      setReading(file.name);
      tellWaiting();
      const one = await verify(file, isOpen);
      setLooked((before) => [...before, one]);
    }
    isRunning.current = false;
    setReading(null);
  };
  return {
    looked,
    reading,
    waiting,
    add: (files) => {
      if (files.length === 0) {
        return;
      }
      queue.current.push(...files);
      if (isRunning.current) {
        tellWaiting();
      } else {
        setLooked([]);
        void work();
      }
    },
    giveUp: () => {
      queue.current = [];
      if (isRunning.current) {
        void cancelReading();
      }
    },
  };
}

async function verify(file: File, isOpen: () => boolean): Promise<Looked> {
  const { name } = file;
  try {
    const { handle } = await registerFiles([file]);
    return isOpen()
      ? { kind: 'verified', name, found: await call('report.verify', { handle }) }
      : { kind: 'cancelled', name };
  } catch (error) {
    return error instanceof CallError && error.code === 'CANCELLED'
      ? { kind: 'cancelled', name }
      : { kind: 'failed', name, sentence: sentenceOf(error) };
  }
}

/** Cancels the verifying whose outcome nobody will see. Main is asked for it: its first push may not have come yet. */
async function cancelReading(): Promise<void> {
  try {
    const { jobs } = await call('jobs.list', {});
    const running = jobs.filter(({ kind, state }) => kind === 'verify' && state === 'running');
    await Promise.all(running.map(({ jobId }) => call('jobs.cancel', { jobId })));
  } catch {
    // It ends by itself then, and changes nothing.
  }
}
