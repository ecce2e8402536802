import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { childEnvironment } from '../child-environment.ts';
import { workerEntry } from '../worker-entry.ts';
import type { KeychainReply, KeychainRequest } from './keychain-messages.ts';

/** Whoever talks to the keychain. */
export interface KeychainChannel {
  send(request: KeychainRequest): void;
  /** While nothing is asked it does not keep the program alive. */
  hold(isBusy: boolean): void;
  end(): void;
}

export interface ChannelEvents {
  readonly onReply: (reply: KeychainReply) => void;
  readonly onEnd: () => void;
}

/**
 * A process of its own, because a thread that is stuck in the keychain keeps the whole program from ending; within
 * Electron, whose program cannot be run as plain Node, a thread. `env` is what the process gets of the environment.
 */
export function openKeychainChannel(
  events: ChannelEvents,
  env: NodeJS.ProcessEnv,
  within: 'process' | 'thread' = process.versions['electron'] === undefined ? 'process' : 'thread',
): KeychainChannel {
  const entry = workerEntry('keychain-worker', new URL('./keychain-worker.ts', import.meta.url));
  return within === 'process' ? openProcess(entry, events, env) : openThread(entry, events);
}

function openProcess(entry: URL, { onReply, onEnd }: ChannelEvents, env: NodeJS.ProcessEnv): KeychainChannel {
  const child = fork(fileURLToPath(entry), [], {
    env: childEnvironment(env),
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [],
  });
  child.on('message', (reply) => onReply(reply as KeychainReply));
  child.on('exit', onEnd);
  child.on('error', onEnd);
  return {
    send: (request) => void child.send(request, () => undefined),
    hold(isBusy) {
      if (isBusy) {
        child.ref();
        child.channel?.ref();
      } else {
        child.unref();
        child.channel?.unref();
      }
    },
    end: () => void child.kill('SIGKILL'),
  };
}

function openThread(entry: URL, { onReply, onEnd }: ChannelEvents): KeychainChannel {
  const worker = new Worker(entry, { name: 'assay-keychain', env: {} });
  worker.on('message', (reply: KeychainReply) => onReply(reply));
  worker.on('exit', onEnd);
  worker.on('error', onEnd);
  return {
    send: (request) => worker.postMessage(request, []),
    hold: (isBusy) => (isBusy ? worker.ref() : worker.unref()),
    end: () => void worker.terminate(),
  };
}
