import {
  MemberFault,
  type ByteSource,
  type ContainerFinding,
  type ContainerFormat,
  type ContainerOptions,
} from '../port.ts';
import type { ListedEntry, SevenZipRequest } from './messages.ts';
import { openingReason } from './run-messages.ts';
import { SevenZipThread } from './seven-zip-thread.ts';
import { checkStartHeader } from './start-header.ts';
import { unpackEntries } from './unpack-entries.ts';

/** Longer ones no archive was made with; 7-Zip would need more room for them than it has. */
const LONGEST_PASSWORD = 1_000;

/**
 * 7z archives, unpacked by 7-Zip itself (in WebAssembly, on a thread of its own): every method and filter it knows, solid
 * or not, encrypted content and encrypted lists of members. A member counts only when 7-Zip found its checksum right; which
 * password fits is found out before anything of a member is given. Wire format: 7zFormat.txt of the 7-Zip source.
 */
export const sevenZip: ContainerFormat = { id: '7z', label: '7z archive', open };

interface Listing {
  readonly entries: readonly ListedEntry[];
  /** The one the list of members is encrypted with; 7-Zip takes the same for the members then. */
  readonly password: string | null;
  /** What is wrong with the list, as far as it could be read all the same. */
  readonly damage: string | null;
}

async function* open(source: ByteSource, options: ContainerOptions): AsyncGenerator<ContainerFinding> {
  const passwords = [...new Set(options.passwords)].filter(isUsable);
  await checkStartHeader(source);
  const thread = new SevenZipThread(source, options.signal);
  try {
    const listing = await list(thread, passwords);
    yield* unpackEntries(thread, listing.entries, await inOrder(thread, listing, passwords));
    if (listing.damage !== null) {
      throw new MemberFault('damaged', listing.damage);
    }
  } finally {
    await thread.close();
  }
}

function isUsable(password: string): boolean {
  return password !== '' && password.length <= LONGEST_PASSWORD && !password.includes('\0');
}

async function list(thread: SevenZipThread, passwords: readonly string[]): Promise<Listing> {
  for (const password of [null, ...passwords]) {
    const listing = await tryList(thread, password);
    if (listing !== null) {
      return listing;
    }
  }
  throw new MemberFault('encrypted', 'its list of members is encrypted and no password fits');
}

/** Null when this password, or none, does not open the list. Throws a `MemberFault` when nothing ever will. */
async function tryList(thread: SevenZipThread, password: string | null): Promise<Listing | null> {
  const entries: ListedEntry[] = [];
  for await (const event of thread.run({ kind: 'list', password })) {
    if (event.kind === 'entry') {
      entries.push(event.entry);
    } else if (event.kind === 'end') {
      const { end } = event;
      if (end.kind === 'limit' || (end.kind === 'broke' && end.why === 'limit')) {
        throw new MemberFault('limit', end.reason);
      }
      const complaints = end.kind === 'done' ? end.complaints : [];
      if (end.kind === 'done' && (complaints.length === 0 || entries.length > 0)) {
        return { entries, password, damage: complaints.length === 0 ? null : openingReason(complaints) };
      }
      // With a wrong password the list is nonsense, whatever 7-Zip makes of it.
      if (end.kind !== 'asks-password' && password === null) {
        throw new MemberFault('damaged', openingReason(complaints));
      }
    }
  }
  return null;
}

/**
 * The passwords with one in front that opens the first encrypted member or, in an archive with several passwords, the last
 * one; none at all when nothing is encrypted or none fits.
 */
async function inOrder(
  thread: SevenZipThread,
  { entries, password: first }: Listing,
  passwords: readonly string[],
): Promise<readonly string[]> {
  if (first !== null) {
    return [first];
  }
  const isLocked = (entry: ListedEntry): boolean => entry.type === 'file' && entry.isEncrypted && entry.hasChecksum;
  const places = new Set([entries.findIndex(isLocked), entries.findLastIndex(isLocked)]);
  for (const index of places) {
    const entry = entries[index];
    for (const password of entry === undefined ? [] : passwords) {
      if (await opens(thread, { kind: 'probe', password, index, isChecking: entry?.isChecking === true })) {
        return [password, ...passwords.filter((each) => each !== password)];
      }
    }
  }
  return [];
}

async function opens(thread: SevenZipThread, request: Extract<SevenZipRequest, { kind: 'probe' }>): Promise<boolean> {
  for await (const event of thread.run(request)) {
    if (event.kind === 'end') {
      if (event.end.kind === 'limit') {
        throw new MemberFault('limit', event.end.reason);
      }
      return event.end.kind === 'probed' && event.end.isFitting;
    }
  }
  return false;
}
