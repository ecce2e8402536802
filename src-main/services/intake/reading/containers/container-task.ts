import type { Reading } from '#shared/contract/intake.ts';
import type { Meter } from '../../../../formats/containers/bounds.ts';
import type { ByteSource, ContainerMember } from '../../../../formats/containers/port.ts';
import { findContainer, type ContainerKind } from '../../../../formats/containers/registry.ts';
import type { FormatTools } from '../formats.ts';
import type { ReadInput } from '../read-list.ts';
import type { ReadingSession } from '../session.ts';
import type { FileDigests } from './digester.ts';

/** What reading any container needs. */
export interface ContainerPlace {
  readonly reading: Reading;
  readonly formats: FormatTools;
  readonly session: ReadingSession;
  /** Tried in their order after the usual one. Never stored or shown. */
  readonly passwords: readonly string[];
}

/** One container that is to be opened. */
export interface ContainerTask {
  /** As it is shown: `archive.zip`, or `archive.zip › inner.zip` for one inside another. */
  readonly name: string;
  /** What the paths of its members begin with. */
  readonly path: string;
  /** The container it lies in; null on disk or in a stream. */
  readonly inside: string | null;
  readonly source: ByteSource;
  readonly kind: ContainerKind;
  readonly why: string;
  /** 1 for the dropped one. */
  readonly depth: number;
  readonly meter: Meter;
  /** Bytes of containers held in memory while this one is read, its own among them. */
  readonly heldBytes: number;
  /** Its own digests, or why there are none; null when somebody cancelled. Called once, after its members were read. */
  digests(): Promise<FileDigests | { readonly reason: string } | null>;
}

/** Reads a container to inputs, in the order they were started. */
export type ReadContainer = (task: ContainerTask, place: ContainerPlace) => Promise<readonly ReadInput[]>;

/** What is tried on an encrypted container without anybody having to say it: samples are passed on under this one. */
const USUAL_PASSWORD = 'infected';

/** The passwords in the order they are tried. */
export function passwordsOf(place: Pick<ContainerPlace, 'passwords'>): readonly string[] {
  return [USUAL_PASSWORD, ...place.passwords];
}

/** How lists inside a container are read: as asked, but for the container's own format. */
export function insideReading(reading: Reading): Reading {
  const { format, ...rest } = reading;
  return format === undefined || findContainer(format) !== null ? rest : reading;
}

/** How one member is read: as asked; else as the container says of its text; else its content decides. */
export function memberReading(asked: Reading, { format }: Pick<ContainerMember, 'format'>): Reading {
  const reading = insideReading(asked);
  return !isNamed(reading) && format !== undefined ? { ...reading, format } : reading;
}

/**
 * Whether a member that is no list is hashed. A format asked for is that of the lists: what is no text at all is a sample
 * next to them all the same.
 */
export function mayBeSample(asked: Reading, { as }: Pick<ContainerMember, 'as'>): boolean {
  return as === 'file' && (asked.as !== 'list' || isNamed(asked));
}

/** True when a format or columns were asked for. */
function isNamed({ format, digestColumns }: Reading): boolean {
  return format !== undefined || digestColumns !== undefined;
}
