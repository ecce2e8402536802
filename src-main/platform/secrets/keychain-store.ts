import { AppError, isAppError } from '#shared/errors/app-error.ts';
import { secretVariable } from './environment.ts';
import { alternatives, type Keychain, keychainName } from './keychain.ts';
import type { KeptSecret } from './passphrase-file.ts';
import type { SecretStore } from './store.ts';

/** Windows' limit for one credential. */
const MOST_BYTES = 2_560;
/** A keychain that was not there is looked for again after this. */
const ASK_AGAIN_MS = 30_000;

/** Secrets as entries of the system's keychain: when it was set, a line end, the value. */
export function keychainStore(keychain: Keychain, accountOf: (name: string) => string): SecretStore {
  /** What came of the last question; null before the first. Where nobody answers, every question costs its time-out. */
  let last: { readonly fault: string | null; readonly at: number } | null = null;
  async function asked<T>(question: () => Promise<T>): Promise<T> {
    if (last !== null && last.fault !== null && Date.now() - last.at < ASK_AGAIN_MS) {
      throw new AppError('UNREADABLE', last.fault);
    }
    try {
      const answer = await question();
      last = { fault: null, at: Date.now() };
      return answer;
    } catch (error) {
      if (isAppError(error)) {
        last = { fault: error.message, at: Date.now() };
      }
      throw error;
    }
  }
  const probe = (): Promise<void> => asked(() => keychain.probe(accountOf(`probe-${process.pid}`)));
  return {
    place: 'keychain',
    async get(name) {
      const bytes = await asked(() => keychain.get(accountOf(name)));
      return bytes === null ? null : decoded(bytes);
    },
    async set(name, { value, setAt }) {
      const bytes = Buffer.from(`${setAt}\n${value}`, 'utf8');
      if (bytes.byteLength > MOST_BYTES) {
        throw new AppError('INVALID_ARGUMENT', 'The value is too long for a keychain. Nothing was kept.');
      }
      await asked(() => keychain.set(accountOf(name), bytes)).catch((error: unknown) => {
        throw withAlternatives(error, 'UNREADABLE', secretVariable(name));
      });
    },
    remove: (name) => asked(() => keychain.remove(accountOf(name))),
    async prepare() {
      last = null;
      await probe().catch((error: unknown) => {
        throw withAlternatives(error, 'UNSUPPORTED');
      });
    },
    async describe() {
      try {
        // One answer is proof enough; the probe writes.
        await (last?.fault === null ? undefined : probe());
      } catch (error) {
        if (!isAppError(error)) {
          throw error;
        }
        return { place: 'none', locked: false, message: `${error.message} ${alternatives()}` };
      }
      return { place: 'keychain', locked: false, message: `${keychainName()} keeps the keys.` };
    },
    dispose: () => keychain.dispose(),
  };
}

/** A person who sets a key or chooses the keychain is told where else keys can be. */
function withAlternatives(error: unknown, code: 'UNSUPPORTED' | 'UNREADABLE', variable?: string): unknown {
  return isAppError(error) ? new AppError(code, `${error.message} ${alternatives(variable)}`) : error;
}

function decoded(bytes: Uint8Array): KeptSecret {
  const text = Buffer.from(bytes).toString('utf8');
  const end = text.indexOf('\n');
  const setAt = Number(text.slice(0, Math.max(end, 0)));
  if (end < 1 || !Number.isSafeInteger(setAt)) {
    throw new AppError('UNREADABLE', `${keychainName()} holds an entry that Assay did not write. Set the key again.`);
  }
  return { value: text.slice(end + 1), setAt };
}
