import { isAppError } from '#shared/errors/app-error.ts';
import { bounded, BOUNDS, Meter } from '../../../../formats/containers/bounds.ts';
import { piecesSource } from '../../../../formats/containers/byte-source.ts';
import {
  MemberFault,
  type ByteSource,
  type ContainerFinding,
  type ContainerMember,
} from '../../../../formats/containers/port.ts';
import { MARK_BYTES, mayBeContainer, recogniseContainer } from '../../../../formats/containers/recognise-container.ts';
import { readList, type ListSession } from '../read-list.ts';
import type { ReadingSession } from '../session.ts';
import {
  insideReading,
  mayBeSample,
  memberReading,
  type ContainerPlace,
  type ContainerTask,
  type ReadContainer,
} from './container-task.ts';
import { Digester, type FileDigests } from './digester.ts';
import { isOpened } from './is-opened.ts';
import { memberName } from './member-name.ts';
import { MemberStream } from './member-stream.ts';
import type { Members } from './members.ts';

/** How much of a name that is too long is shown. */
const SHOWN_NAME = 120;

/** The container a member lies in, where its outcome goes, and how a container inside is read. */
export interface MemberPlace extends ContainerPlace {
  readonly task: ContainerTask;
  readonly members: Members;
  readonly readContainer: ReadContainer;
  readonly signal: AbortSignal;
}

/**
 * Reads one member: a list to an input of its own, a container inside likewise, everything else to its digests. A member
 * that cannot be read to its end is refused with the reason and no digest of it is taken. Cancelled in its middle, it is
 * no record.
 */
export async function readMember(finding: ContainerFinding, place: MemberPlace): Promise<void> {
  const { task, members } = place;
  const name = memberName(finding.name);
  const path = `${task.path}/${name}`;
  members.find();
  if (finding.kind === 'refused') {
    members.refuse(path, finding.reason, finding.why);
    return;
  }
  if (Buffer.byteLength(finding.name) > BOUNDS.nameBytes) {
    members.refuse(`${path.slice(0, task.path.length + SHOWN_NAME)}…`, 'its name is too long', 'limit');
    return;
  }
  const stream = new MemberStream(bounded(finding.content, task.meter, finding.packed ?? null));
  try {
    await readContent(finding, { name, path, stream }, place);
  } catch (error) {
    if (place.session.isCancelled && place.signal.aborted) {
      members.wasCut();
    } else if (error instanceof MemberFault) {
      members.refuse(path, error.message, error.why);
    } else if (isAppError(error)) {
      // A format or column that was asked for and is not there.
      members.refuse(path, error.message, 'damaged');
    } else {
      throw error;
    }
  } finally {
    await stream.close();
  }
}

interface Content {
  readonly name: string;
  readonly path: string;
  readonly stream: MemberStream;
}

async function readContent(member: ContainerMember, content: Content, place: MemberPlace): Promise<void> {
  const { task, members, reading, formats, session } = place;
  if (member.as === 'file' && mayBeContainer(await content.stream.peek(MARK_BYTES))) {
    await readInner(content, place);
    return;
  }
  const options = {
    reading: memberReading(reading, member),
    mayBeSample: mayBeSample(reading, member),
    formats,
    onList: () => content.stream.decide(),
  };
  const name = `${task.name} › ${content.name}`;
  const result = await readList(name, content.stream.looked(), options, uncounted(session));
  if (result.kind === 'read') {
    const { input } = result;
    // Nobody asked for the format a container names for its text.
    const isNamedInside = options.reading.format !== insideReading(reading).format;
    const why = isNamedInside ? 'the text of a document' : input.view.why;
    members.becameInputs([{ ...input, view: { ...input.view, why, inside: task.name } }]);
    return;
  }
  const digests = await digestsOf(content.stream, session);
  if (digests === null) {
    members.wasCut();
  } else {
    members.hash(content.path, digests);
  }
}

/** A container inside: opened when it can be held, else hashed like any other file. */
async function readInner(content: Content, place: MemberPlace): Promise<void> {
  const { task, members, session } = place;
  const { bounds } = task.meter;
  const held = new HeldPieces(task.depth >= bounds.depth ? 0 : bounds.heldBytes - task.heldBytes);
  const digests = await digestsOf(content.stream, session, held);
  if (digests === null) {
    members.wasCut();
    return;
  }
  const isHeld = held.pieces !== null;
  const source = pausing(piecesSource(held.pieces ?? []), session);
  const found = isHeld ? await recogniseContainer(source) : null;
  if (found === null || !(await isOpened(found, source, place, place.signal, task.meter))) {
    if (!isHeld) {
      members.isUnopened();
    }
    members.hash(content.path, digests);
    return;
  }
  const inner: ContainerTask = {
    name: `${task.name} › ${content.name}`,
    path: content.path,
    inside: task.name,
    source,
    kind: found.kind,
    why: found.why,
    depth: task.depth + 1,
    meter: new Meter(source.size, task.meter.bounds, task.meter),
    heldBytes: task.heldBytes + source.size,
    digests: async () => digests,
  };
  members.becameInputs(await place.readContainer(inner, place));
}

/** Bytes in memory, read like those on disk: readers wait while reading is paused. */
function pausing(source: ByteSource, session: ReadingSession): ByteSource {
  return {
    ...source,
    async read(at, length) {
      await session.breathe();
      return source.read(at, length);
    },
  };
}

/** Reads to the end; null when somebody cancelled before it. */
async function digestsOf(
  stream: MemberStream,
  session: ReadingSession,
  held?: HeldPieces,
): Promise<FileDigests | null> {
  const digester = new Digester();
  for await (const chunk of stream.rest()) {
    digester.update(chunk);
    held?.add(chunk);
    await session.breathe();
    if (session.isCancelled) {
      return null;
    }
  }
  return digester.end();
}

/** Pieces kept in memory while they fit; none at all once they do not. */
class HeldPieces {
  #pieces: Uint8Array[] | null = [];
  #room: number;

  constructor(room: number) {
    this.#room = room;
  }

  get pieces(): readonly Uint8Array[] | null {
    return this.#pieces;
  }

  add(piece: Uint8Array): void {
    this.#room -= piece.length;
    if (this.#room < 0) {
      this.#pieces = null;
    }
    this.#pieces?.push(piece);
  }
}

/** The session without its bytes: progress is told in bytes of the dropped file, not of what comes out of it. */
function uncounted(session: ReadingSession): ListSession {
  return {
    builder: session.builder,
    get isCancelled() {
      return session.isCancelled;
    },
    countBytes: () => undefined,
    countRecords: (records) => session.countRecords(records),
    breathe: () => session.breathe(),
  };
}
