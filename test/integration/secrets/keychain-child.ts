import { createKeychain } from '#main/platform/secrets/keychain.ts';
import { createSecrets } from '#main/platform/secrets/secrets.ts';
import type { Secrets } from '#main/platform/secrets/port.ts';

/**
 * A program that uses the keychain of its session: `round-trip FOLDER OTHER` tells what two data directories find,
 * `stuck` asks a keychain that never answers. Prints one line of JSON and ends by itself.
 */
const [, , what, folder = '', other = ''] = process.argv;

function open(directory: string): Secrets {
  return createSecrets({
    directory,
    env: process.env,
    chosen: () => Promise.resolve('keychain'),
    choose: () => Promise.resolve(),
  });
}

async function roundTrip(): Promise<unknown> {
  const mine = open(folder);
  const elsewhere = open(other);
  const store = await mine.store();
  await mine.choose('keychain');
  const long = `ünï${'k'.repeat(1_990)}`;
  await mine.set('virustotal', long);
  await elsewhere.set('virustotal', 'of the other');
  const again = open(folder);
  const found = (await again.get('virustotal')) === long;
  const state = await again.state('virustotal');
  await mine.remove('virustotal');
  const left = [await again.get('virustotal'), await elsewhere.get('virustotal')];
  await elsewhere.remove('virustotal');
  await mine.remove('virustotal');
  await Promise.all([mine, elsewhere, again].map((secrets) => secrets.dispose()));
  const inThread = createKeychain(process.env, 10_000, 'thread');
  await inThread.set('thread', Buffer.from('kept'));
  const byThread = Buffer.from((await inThread.get('thread')) ?? []).toString();
  await inThread.remove('thread');
  inThread.dispose();
  return { byThread, place: store.place, found, statePlace: state.place, isDated: state.setAt !== null, left };
}

async function stuck(): Promise<unknown> {
  const keychain = createKeychain(process.env, 3_000);
  const fault = await keychain.get('a').then(() => 'answered', String);
  keychain.dispose();
  return fault;
}

console.log(JSON.stringify(what === 'stuck' ? await stuck() : await roundTrip()));
