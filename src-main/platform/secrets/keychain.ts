import { AppError } from '#shared/errors/app-error.ts';
import { type KeychainChannel, openKeychainChannel } from './keychain-channel.ts';
import type { KeychainReply, KeychainRequest } from './keychain-messages.ts';

/** A person may have to answer the system's prompt first. */
const ANSWER_MS = 30_000;

type Asked = KeychainRequest extends infer R ? (R extends unknown ? Omit<R, 'id'> : never) : never;

/** The system's keychain, by account. Everything that goes wrong is UNREADABLE with a sentence. */
export interface Keychain {
  get(account: string): Promise<Uint8Array | null>;
  set(account: string, bytes: Uint8Array): Promise<void>;
  remove(account: string): Promise<void>;
  /** Writes, reads and removes an entry of its own: whether there is a keychain that works. */
  probe(account: string): Promise<void>;
  dispose(): void;
}

/** Started with the first question. One that does not answer in time is ended; the next question starts another. */
export function createKeychain(
  env: NodeJS.ProcessEnv = process.env,
  answerMs = ANSWER_MS,
  within?: 'process' | 'thread',
): Keychain {
  let channel: KeychainChannel | null = null;
  let lastId = 0;
  const waiting = new Map<number, (reply: KeychainReply | null) => void>();
  const drop = (): void => {
    const ended = channel;
    channel = null;
    for (const answer of waiting.values()) {
      answer(null);
    }
    ended?.end();
  };
  const opened = (): KeychainChannel => {
    if (channel === null) {
      const own: KeychainChannel = openKeychainChannel(
        {
          onReply: (reply) => waiting.get(reply.id)?.(reply),
          onEnd: () => (channel === own ? drop() : undefined),
        },
        env,
        within,
      );
      channel = own;
    }
    return channel;
  };

  async function ask(request: Asked): Promise<Uint8Array | null> {
    const id = (lastId += 1);
    const reply = await new Promise<KeychainReply | null>((resolve) => {
      const timer = setTimeout(drop, answerMs);
      waiting.set(id, (answer) => {
        clearTimeout(timer);
        waiting.delete(id);
        if (waiting.size === 0) {
          channel?.hold(false);
        }
        resolve(answer);
      });
      const to = opened();
      to.hold(true);
      to.send({ ...request, id });
    });
    if (reply === null) {
      throw new AppError('UNREADABLE', `${keychainName()} did not answer. Unlock it and try again.`);
    }
    if (!reply.ok) {
      throw new AppError('UNREADABLE', `${keychainName()} cannot be used: ${why(reply.reason)}.`);
    }
    return reply.bytes;
  }

  return {
    get: (account) => ask({ kind: 'get', account }),
    set: async (account, bytes) => void (await ask({ kind: 'set', account, bytes })),
    remove: async (account) => void (await ask({ kind: 'remove', account })),
    probe: async (account) => void (await ask({ kind: 'probe', account })),
    dispose: drop,
  };
}

/** What to do where there is no keychain; with the variable of the secret at hand, or one as an example. */
export function alternatives(variable = 'such as ASSAY_WILDFIRE_KEY'): string {
  return `Without it a key can be given in a variable of the environment, ${variable}, or kept in a file locked with a passphrase: "assay sources keys --keep-in file".`;
}

/** What the system calls its keychain. */
export function keychainName(platform: NodeJS.Platform = process.platform): string {
  switch (platform) {
    case 'darwin':
      return 'The macOS keychain';
    case 'win32':
      return 'The Windows Credential Manager';
    default:
      return 'The Secret Service of this desktop (GNOME Keyring, KWallet, KeePassXC)';
  }
}

/** What the system said, as part of a sentence. Without a desktop, D-Bus says at length how it was compiled. */
export function why(reason: string): string {
  if (reason.includes('DBUS_SESSION_BUS_ADDRESS')) {
    return 'no desktop session (D-Bus) is running';
  }
  const line = reason.split(/[\r\n]/, 1)[0]?.trim() ?? '';
  return line.replace(/\.$/, '').slice(0, 200);
}
