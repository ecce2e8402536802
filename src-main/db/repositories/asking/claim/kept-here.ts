import { digestKey } from '../../../codes.ts';
import type { ReadableDb } from '../../../handles.ts';
import { prepared } from '../../../prepared.ts';
import { entriesByKey } from '../../evidence.ts';
import { isOnEntry } from '../answers/known-files.ts';

/** Looked at again after this at the latest: entries and embargoes may go at any time. Seconds. */
const LOOK_AGAIN_SECONDS = 86_400;

/** What never leaves this machine, for one transaction that changes neither hash list nor embargoes. */
export interface KeptHere {
  /** True when an entry of the hash list that is in force names one of the digests. */
  isListed(digests: readonly Uint8Array[]): boolean;
  /** True when an intake under embargo holds one of the digests. Another digest may share its key: rather not asked. */
  isEmbargoed(digests: readonly Uint8Array[]): boolean;
  /** When listed digests are looked at again: at the first expiry of their entries or in a day. Seconds since the epoch. */
  lookAgainAt(digests: readonly Uint8Array[]): number;
}

/** `nowSeconds` in seconds since the epoch. */
export function keptHere(db: ReadableDb, nowSeconds: number): KeptHere {
  const hasEmbargoKeys = prepared(db, 'SELECT 1 FROM embargo_keys LIMIT 1').get() !== undefined;
  const hasList = prepared(db, 'SELECT 1 FROM hash_list_keys LIMIT 1').get() !== undefined;
  const embargo = prepared(db, 'SELECT 1 FROM embargo_keys WHERE key = +?');
  const expiry = prepared<number | null>(db, 'SELECT expires_at FROM hash_list WHERE id = +?').pluck(true);
  const entriesOf = (digest: Uint8Array) =>
    entriesByKey(db, digestKey(digest), nowSeconds).filter((entry) => isOnEntry(entry, digest));
  return {
    isListed: (digests) => hasList && digests.some((digest) => entriesOf(digest).length > 0),
    isEmbargoed: (digests) => hasEmbargoKeys && digests.some((digest) => embargo.get(digestKey(digest)) !== undefined),
    lookAgainAt: (digests) =>
      digests
        .flatMap(entriesOf)
        .map(([id]) => expiry.get(id) ?? Number.POSITIVE_INFINITY)
        .reduce((first, at) => Math.min(first, at), nowSeconds + LOOK_AGAIN_SECONDS),
  };
}
