import { MemberFault, type ContainerFinding, type RefusalKind, type RefusedMember } from '../port.ts';
import type { ListedEntry, RunEnd, SevenZipEvent } from './messages.ts';
import { complaintReason, NO_MEMORY } from './run-messages.ts';
import type { SevenZipThread } from './seven-zip-thread.ts';

const WRONG_PASSWORD = /Wrong password/i;
const ENCRYPTED = 'it is encrypted and no password fits';

/**
 * The members of an archive in stored order, unpacked with the first of `passwords`; those that begin wrongly with it are
 * tried with the next one, and come behind the others then; where only the end would tell and there are several passwords,
 * the archive is run through once more for each. Without passwords, what is encrypted is refused. What 7-Zip
 * cannot give any more after it broke off is refused, one by one; a bound ends it by a `MemberFault`. What is no file or
 * folder is refused, folders are no record.
 */
export async function* unpackEntries(
  thread: SevenZipThread,
  entries: readonly ListedEntry[],
  passwords: readonly string[],
): AsyncGenerator<ContainerFinding> {
  const isLocked = (entry: ListedEntry): boolean => entry.isEncrypted && entry.size !== 0 && passwords.length === 0;
  for (const entry of entries) {
    if (entry.type === 'link' || entry.type === 'other') {
      yield refused(entry, 'no-file', entry.type === 'link' ? 'it is a link' : 'it is no regular file');
    } else if (entry.type === 'file' && isUnchecked(entry)) {
      yield refused(entry, 'damaged', 'it is encrypted and has no checksum that would tell whether a password fits');
    } else if (entry.type === 'file' && isLocked(entry)) {
      yield refused(entry, 'encrypted', ENCRYPTED);
    }
  }
  let waiting = new Set(entries.filter((entry) => entry.type === 'file' && !isLocked(entry) && !isUnchecked(entry)));
  for (const password of passwords.length === 0 ? [null] : passwords) {
    if (waiting.size > 0) {
      const locked =
        passwords.length > 1 && [...waiting].some(isTellingLate)
          ? await lockedFor(thread, entries, waiting, password)
          : new Set<ListedEntry>();
      const wanted = new Set([...waiting].filter((entry) => !locked.has(entry)));
      waiting = new Set([...locked, ...(yield* unpackWith(thread, entries, wanted, password))]);
    }
  }
  yield* [...waiting].map((entry) => refused(entry, 'encrypted', `${ENCRYPTED}, or its data is damaged`));
}

function isUnchecked({ isEncrypted, hasChecksum, size }: ListedEntry): boolean {
  return isEncrypted && !hasChecksum && size !== 0;
}

/** True where a wrong password shows at the very end only, when content was given already. */
function isTellingLate({ isEncrypted, isChecking, size }: ListedEntry): boolean {
  return isEncrypted && !isChecking && size !== 0;
}

/** Those of `wanted` a password does not open, found out by a run of which nothing is given. */
async function lockedFor(
  thread: SevenZipThread,
  entries: readonly ListedEntry[],
  wanted: ReadonlySet<ListedEntry>,
  password: string | null,
): Promise<Set<ListedEntry>> {
  const locked = new Set<ListedEntry>();
  const run = new Run(thread.run({ kind: 'unpack', password }));
  for (const entry of entries) {
    if ((await run.toItem(entry)) !== null) {
      // Why it broke off is told when it is unpacked.
      break;
    }
    if (wanted.has(entry) && entry.isEncrypted && (await run.isWrongToTheEnd())) {
      locked.add(entry);
    }
  }
  await run.toEnd();
  return locked;
}

/** One run over the archive. Gives those of `wanted` that may be right, and returns those this password does not open. */
async function* unpackWith(
  thread: SevenZipThread,
  entries: readonly ListedEntry[],
  wanted: ReadonlySet<ListedEntry>,
  password: string | null,
): AsyncGenerator<ContainerFinding, Set<ListedEntry>> {
  const locked = new Set<ListedEntry>();
  const run = new Run(thread.run({ kind: 'unpack', password }));
  for (const entry of entries) {
    const end = await run.toItem(entry);
    if (end?.kind === 'limit') {
      throw new MemberFault('limit', end.reason);
    }
    if (!wanted.has(entry)) {
      continue;
    }
    if (end !== null) {
      yield refused(entry, ...brokenOff(end));
    } else if (entry.isEncrypted && (await run.isWrongFromTheStart())) {
      locked.add(entry);
    } else {
      yield {
        kind: 'member',
        name: entry.name,
        as: 'file',
        size: entry.size,
        ...(entry.isEncrypted ? { isEncrypted: true } : {}),
        content: run.content(entry),
      };
    }
  }
  await run.toEnd();
  return locked;
}

function refused({ name }: ListedEntry, why: RefusalKind, reason: string): RefusedMember {
  return { kind: 'refused', name, why, reason };
}

/** Why an entry 7-Zip did not come to the end of is not read. */
function brokenOff(end: RunEnd): [why: RefusalKind, reason: string] {
  if (end.kind === 'limit') {
    return ['limit', end.reason];
  }
  if (end.kind === 'broke') {
    return [end.why, end.reason];
  }
  const said = end.kind === 'done' ? end.complaints.at(-1) : undefined;
  const reason = said === undefined ? 'unpacking broke off before it' : complaintReason(said);
  return [reason === NO_MEMORY ? 'limit' : 'damaged', reason];
}

/** One run of 7-Zip over all entries, read item by item. */
class Run {
  readonly #events: AsyncGenerator<SevenZipEvent>;
  #event: SevenZipEvent | null = null;
  #end: RunEnd | null = null;

  constructor(events: AsyncGenerator<SevenZipEvent>) {
    this.#events = events;
  }

  /** Goes on to the next item, which is `entry`. Null when it is there, else how the run ended before it. */
  async toItem({ name }: ListedEntry): Promise<RunEnd | null> {
    for (let event = await this.#peek(); event.kind !== 'end'; event = await this.#peek()) {
      this.#event = null;
      if (event.kind === 'item') {
        if (event.name !== name && event.name !== `${name}/`) {
          throw new MemberFault('damaged', 'its members do not come in the order of their list');
        }
        return null;
      }
    }
    return this.#end;
  }

  /** What belongs to the item the run is at. Ends by a `MemberFault` when 7-Zip says it is not good. */
  async *content({ isEncrypted }: ListedEntry): AsyncGenerator<Uint8Array> {
    for (let event = await this.#peek(); event.kind !== 'item'; event = await this.#peek()) {
      if (event.kind === 'end') {
        if (event.end.kind === 'done') {
          return;
        }
        throw new MemberFault(...brokenOff(event.end));
      }
      this.#event = null;
      if (event.kind === 'complaint') {
        const isPassword = isEncrypted && WRONG_PASSWORD.test(event.text);
        throw isPassword
          ? new MemberFault('encrypted', `${ENCRYPTED}, or its data is damaged`)
          : new MemberFault('damaged', complaintReason(event.text));
      }
      if (event.kind === 'data') {
        yield event.bytes;
      }
    }
  }

  /** True when 7-Zip gave nothing of the item because its bytes are no packed data, as after a wrong password. */
  async isWrongFromTheStart(): Promise<boolean> {
    const event = await this.#peek();
    return event.kind === 'complaint' && WRONG_PASSWORD.test(event.text);
  }

  /** True when 7-Zip says anywhere in the item that the password is wrong. Takes its content away. */
  async isWrongToTheEnd(): Promise<boolean> {
    for (let event = await this.#peek(); event.kind !== 'item' && event.kind !== 'end'; event = await this.#peek()) {
      this.#event = null;
      if (event.kind === 'complaint' && WRONG_PASSWORD.test(event.text)) {
        return true;
      }
    }
    return false;
  }

  /** Passes over what is left, so that the thread is free for another run. */
  async toEnd(): Promise<void> {
    while ((await this.#peek()).kind !== 'end') {
      this.#event = null;
    }
  }

  /** The next event, which stays the next one until it is taken away; at the end always the end. */
  async #peek(): Promise<SevenZipEvent> {
    if (this.#event === null) {
      const next = await this.#events.next();
      if (next.done === true) {
        throw new TypeError('7-Zip ended without a word');
      }
      this.#event = next.value;
      this.#end = next.value.kind === 'end' ? next.value.end : null;
    }
    return this.#event;
  }
}
