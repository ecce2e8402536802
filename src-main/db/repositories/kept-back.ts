import { digestKey } from '../codes.ts';
import type { ReadableDb } from '../handles.ts';
import { aliasesOf, filesOf, isOnEntry } from './asking/answers/known-files.ts';
import { embargoReads } from './embargo.ts';
import { entriesByKey } from './evidence.ts';

/**
 * Why a digest may not leave the machine, by the rules of a claim: an entry of the hash list that is in force names it or
 * another digest of its file, or an intake under embargo holds one. Null when it may. `now` is seconds since the epoch.
 */
function keptBack(
  db: ReadableDb,
  args: { readonly digest: Uint8Array; readonly now: number },
): 'hash-list' | 'embargo' | null {
  const files = filesOf(db, args.digest);
  const digests = files.length === 0 ? [args.digest] : aliasesOf(args.digest, files);
  const isListed = digests.some((digest) =>
    entriesByKey(db, digestKey(digest), args.now).some((entry) => isOnEntry(entry, digest)),
  );
  if (isListed) {
    return 'hash-list';
  }
  return embargoReads.embargoedBy(db, { digests }).length > 0 ? 'embargo' : null;
}

export const keptBackReads = { keptBack } as const;
