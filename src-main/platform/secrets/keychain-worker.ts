import { parentPort } from 'node:worker_threads';
import { Entry } from '@napi-rs/keyring';
import type { KeychainReply, KeychainRequest } from './keychain-messages.ts';

/**
 * Talks to the system's keychain, as a thread or as a process of its own: every call may block for as long as a person
 * looks at the system's prompt, or for ever.
 */
const SERVICE = 'assay';

// Without the store's name the kernel's keyring would silently stand in, which is empty after a restart.
const open = (account: string): Entry => new Entry(SERVICE, account, { linux: { store: 'secret-service' } });

function perform(request: KeychainRequest): Uint8Array | null {
  const entry = open(request.account);
  switch (request.kind) {
    case 'get': {
      const bytes = entry.getSecret();
      return bytes === null ? null : Uint8Array.from(bytes);
    }
    case 'set':
      entry.setSecret(Uint8Array.from(request.bytes));
      return null;
    case 'remove':
      entry.deleteCredential();
      return null;
    case 'probe':
      probe(entry);
      return null;
    default:
      throw new TypeError('unknown request');
  }
}

function probe(entry: Entry): void {
  const written = crypto.getRandomValues(new Uint8Array(16));
  entry.setSecret(written);
  const read = entry.getSecret();
  entry.deleteCredential();
  if (read === null || !Buffer.from(read).equals(Buffer.from(written))) {
    throw new Error('what was written could not be read back');
  }
}

function replyTo(request: KeychainRequest): KeychainReply {
  try {
    return { id: request.id, ok: true, bytes: perform(request) };
  } catch (error) {
    return { id: request.id, ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

if (parentPort === null) {
  process.on('message', (request: KeychainRequest) => process.send?.(replyTo(request)));
  process.on('disconnect', () => process.exit());
} else {
  const port = parentPort;
  port.on('message', (request: KeychainRequest) => port.postMessage(replyTo(request), []));
}
