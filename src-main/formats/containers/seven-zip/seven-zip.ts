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
  /** The one the list of members is encrypted with. */
  readonly password: string | null;
}

async function* open(source: ByteSource, options: ContainerOptions): AsyncGenerator<ContainerFinding> {
  const passwords = [...new Set(options.passwords)].filter(isUsable);
  await checkStartHeader(source);
  const thread = new SevenZipThread(source, options.signal);
  try {
    const listing = await list(thread, passwords);
    yield* unpackEntries(thread, listing.entries, await inOrder(thread, listing, passwords));
  } finally {
    await thread.close();
  }
}

function isUsable(password: string): boolean {
  return password !== '' && password.length <= LONGEST_PASSWORD && !password.includes('\0');
}

async function list(thread: SevenZipThread, passwords: readonly string[]): Promise<Listing> {
  const open = await tryList(thread, null);
  if (open !== null) {
    return { entries: open, password: null };
  }
  for (const password of passwords) {
    const entries = await tryList(thread, password);
    if (entries !== null) {
      return { entries, password };
    }
  }
  throw new MemberFault('encrypted', 'its list of members is encrypted and no password fits');
}

/** Null when this password, or none, does not open the list. Throws a `MemberFault` when nothing ever will. */
async function tryList(thread: SevenZipThread, password: string | null): Promise<readonly ListedEntry[] | null> {
  const entries: ListedEntry[] = [];
  for await (const event of thread.run({ kind: 'list', password })) {
    if (event.kind === 'entry') {
      entries.push(event.entry);
    } else if (event.kind === 'end') {
      const { end } = event;
      if (end.kind === 'limit' || (end.kind === 'broke' && end.why === 'limit')) {
        throw new MemberFault('limit', end.reason);
      }
      // With a wrong password the list is nonsense, whatever 7-Zip makes of it.
      const isEncrypted = end.kind === 'asks-password' || password !== null;
      if (end.kind === 'done' && end.complaints.length === 0) {
        return entries;
      }
      if (!isEncrypted) {
        throw new MemberFault('damaged', openingReason(end.kind === 'done' ? end.complaints : []));
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
  const candidates = first === null ? passwords : [first, ...passwords.filter((each) => each !== first)];
  const isLocked = (entry: ListedEntry): boolean => entry.type === 'file' && entry.isEncrypted && entry.size !== 0;
  const places = new Set([entries.findIndex(isLocked), entries.findLastIndex(isLocked)]);
  for (const index of places) {
    const entry = entries[index];
    for (const password of entry === undefined ? [] : candidates) {
      if (await opens(thread, { kind: 'probe', password, index, isChecking: entry?.isChecking === true })) {
        return [password, ...candidates.filter((each) => each !== password)];
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
