import { MemberFault, type ContainerFinding, type RefusalKind, type RefusedMember } from '../port.ts';
import type { ListedEntry, RunEnd, SevenZipEvent } from './messages.ts';
import { complaintReason } from './run-messages.ts';
import type { SevenZipThread } from './seven-zip-thread.ts';

const ENCRYPTED = 'it is encrypted and no password fits';

/**
 * The members of an archive in stored order, unpacked with `password`. What 7-Zip cannot give any more after it broke off
 * is refused, one by one; a bound ends it by a `MemberFault`. What is no file or folder is refused, folders are no record.
 */
export async function* unpackEntries(
  thread: SevenZipThread,
  entries: readonly ListedEntry[],
  password: string | null,
): AsyncGenerator<ContainerFinding> {
  if (!entries.some((entry) => entry.type === 'file' && isReadable(entry, password))) {
    yield* entries.flatMap((entry) => refusalOf(entry, password) ?? []);
    return;
  }
  const run = new Run(thread.run({ kind: 'unpack', password }));
  for (const entry of entries) {
    const end = await run.toItem(entry);
    const refusal = refusalOf(entry, password);
    if (refusal !== null) {
      yield refusal;
    } else if (end?.kind === 'limit') {
      throw new MemberFault('limit', end.reason);
    } else if (end !== null && entry.type === 'file') {
      yield refused(entry, 'damaged', 'unpacking broke off before it');
    } else if (entry.type === 'file') {
      yield { kind: 'member', name: entry.name, as: 'file', size: entry.size, content: run.content(entry) };
    }
  }
  await run.close();
}

function isReadable(entry: ListedEntry, password: string | null): boolean {
  return !entry.isEncrypted || password !== null || entry.size === 0;
}

/** Why nothing is read of an entry; null for a file that is tried, and for a folder. */
function refusalOf(entry: ListedEntry, password: string | null): RefusedMember | null {
  if (entry.type === 'link') {
    return refused(entry, 'no-file', 'it is a link');
  }
  if (entry.type === 'other') {
    return refused(entry, 'no-file', 'it is no regular file');
  }
  const isLocked = entry.type === 'file' && !isReadable(entry, password);
  return isLocked ? refused(entry, 'encrypted', ENCRYPTED) : null;
}

function refused({ name }: ListedEntry, why: RefusalKind, reason: string): RefusedMember {
  return { kind: 'refused', name, why, reason };
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
        throw event.end.kind === 'limit'
          ? new MemberFault('limit', event.end.reason)
          : new MemberFault('damaged', 'unpacking broke off in it');
      }
      this.#event = null;
      if (event.kind === 'complaint') {
        const isPassword = isEncrypted && /Wrong password/i.test(event.text);
        throw isPassword
          ? new MemberFault('encrypted', `${ENCRYPTED}, or its data is damaged`)
          : new MemberFault('damaged', complaintReason(event.text));
      }
      if (event.kind === 'data') {
        yield event.bytes;
      }
    }
  }

  async close(): Promise<void> {
    await this.#events.return(undefined);
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
