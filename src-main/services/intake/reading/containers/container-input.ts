import { statSync, type BigIntStats } from 'node:fs';
import type { InputFileView, Reading } from '#shared/contract/intake.ts';
import { Meter } from '../../../../formats/containers/bounds.ts';
import { fileSource } from '../../../../formats/containers/byte-source.ts';
import { MemberFault, type ByteSource } from '../../../../formats/containers/port.ts';
import {
  canBe,
  recogniseContainer,
  type ContainerRecognition,
} from '../../../../formats/containers/recognise-container.ts';
import { findContainer } from '../../../../formats/containers/registry.ts';
import type { ReadInput } from '../read-list.ts';
import type { ContainerPlace, ContainerTask } from './container-task.ts';
import { Digester, type FileDigests } from './digester.ts';
import { isOpened } from './is-opened.ts';
import { readContainer } from './read-container.ts';
import { TrackedSource } from './tracked-source.ts';
import { watchCancel } from './watch-cancel.ts';

const HASH_BYTES = 1024 * 1024;

/** What a file or stream turned out to be, seen as a container. */
export type ContainerResult =
  | { readonly kind: 'read'; readonly inputs: readonly ReadInput[] }
  /** A container that is not opened by itself: `alternatives` say how it can be, `unread` why nobody knows what is in it. */
  | {
      readonly kind: 'sample';
      readonly alternatives: InputFileView['alternatives'];
      readonly unread: MemberFault | null;
    }
  | { readonly kind: 'none' };

/**
 * Reads a file on disk as a container when it is one and is to be opened. Leaves every other file alone, also one that
 * cannot be opened at all. Rejects only for defects and when the intake cannot be written.
 */
export async function readContainerFile(name: string, path: string, place: ContainerPlace): Promise<ContainerResult> {
  let source: ByteSource;
  let before: BigIntStats;
  try {
    before = statSync(path, { bigint: true });
    source = await fileSource(path);
  } catch {
    // Whoever reads it next names the reason.
    return { kind: 'none' };
  }
  try {
    return await readContainerSource(name, source, place, () => changeOf(before, path));
  } finally {
    await source.close();
  }
}

/** The same for bytes at hand. `change` tells, once they are read, why their digest would not be one of the file. */
export async function readContainerSource(
  name: string,
  bytes: ByteSource,
  place: ContainerPlace,
  change: () => string | null = () => null,
): Promise<ContainerResult> {
  const found = await recognisedAs(bytes, place.reading);
  if (found === null) {
    return { kind: 'none' };
  }
  const watch = watchCancel(place.session);
  try {
    let unread = null as MemberFault | null;
    const tell = (fault: MemberFault): void => {
      unread = fault;
    };
    if (!found.isAsked && found.opens !== 'alone' && !(await isOpened(found, bytes, place, watch.signal, null, tell))) {
      return { kind: 'sample', alternatives: [{ format: found.kind.id, label: found.kind.label }], unread };
    }
  } finally {
    watch.dispose();
  }
  const source = new TrackedSource(bytes, place.session);
  const task: ContainerTask = {
    name,
    path: name,
    inside: null,
    source,
    kind: found.kind,
    why: found.why,
    depth: 1,
    meter: new Meter(source.size),
    heldBytes: 0,
    digests: () => digestsOf(source, place, change),
  };
  return { kind: 'read', inputs: await readContainer(task, place) };
}

/** What a container was recognised as; asked for, it is opened whatever it is. */
export type RecognisedContainer = ContainerRecognition & { readonly isAsked: boolean };

/** Null when it is no container, or when what was asked for is something else. */
export async function recognisedAs(source: ByteSource, reading: Reading): Promise<RecognisedContainer | null> {
  try {
    const asked = reading.format === undefined ? null : findContainer(reading.format);
    if (asked !== null) {
      const isIt = await canBe(asked, source);
      return isIt ? { kind: asked, opens: 'always', why: 'asked for', isAsked: true } : null;
    }
    const found = await recogniseContainer(source);
    return found === null ? null : { ...found, isAsked: false };
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code === 'string' || error instanceof MemberFault) {
      return null;
    }
    throw error;
  }
}

async function digestsOf(
  source: TrackedSource,
  { session }: ContainerPlace,
  change: () => string | null,
): Promise<FileDigests | { readonly reason: string } | null> {
  source.endMembers();
  const digester = new Digester();
  try {
    for await (const chunk of source.chunks(HASH_BYTES)) {
      digester.update(chunk);
      await session.breathe();
      if (session.isCancelled) {
        return null;
      }
    }
  } catch (error) {
    if (error instanceof MemberFault) {
      return { reason: error.message };
    }
    throw error;
  }
  const reason = change();
  return reason === null ? digester.end() : { reason };
}

/** Why what was read may be no state the file ever had; null when it is the file. */
function changeOf(before: BigIntStats, path: string): string | null {
  try {
    const after = statSync(path, { bigint: true });
    return before.size === after.size && before.mtimeNs === after.mtimeNs && before.ino === after.ino
      ? null
      : 'it changed while it was read';
  } catch {
    return 'it was removed while it was read';
  }
}
