import { grouped } from '#shared/domain/grouped.ts';
import { MemberFault } from './port.ts';

const MIB = 1024 * 1024;

/** How far a container is followed. All of them are held against what really comes out, never against what headers say. */
export interface Bounds {
  /** Members of a container and of all containers inside it. */
  readonly members: number;
  /** Unpacked bytes of a container and of all containers inside it. */
  readonly bytes: number;
  /** Unpacked bytes for each packed byte, of a member and of a container, once more than `ratioFrom` bytes came out. */
  readonly ratio: number;
  readonly ratioFrom: number;
  /** Containers inside containers: the dropped one is the first. */
  readonly depth: number;
  /** Bytes of a member's name, and of all names of a container together. */
  readonly nameBytes: number;
  readonly allNameBytes: number;
  /** Bytes of a container that is read out of memory: one inside another, or one that came as a stream. */
  readonly heldBytes: number;
}

/** The bounds in force. */
export const BOUNDS: Bounds = {
  members: 100_000,
  bytes: 64 * 1024 * MIB,
  ratio: 1_000,
  ratioFrom: 256 * MIB,
  depth: 3,
  nameBytes: 4_096,
  allNameBytes: 64 * MIB,
  heldBytes: 256 * MIB,
};

/** Counts what comes out of one container, and out of the one around it too. */
export class Meter {
  readonly bounds: Bounds;
  readonly #packed: number;
  readonly #outer: Meter | null;
  #members = 0;
  #bytes = 0;
  #nameBytes = 0;
  #reached: string | null = null;

  /** `packed` is the size of the container in bytes; `outer` counts for the container this one lies in. */
  constructor(packed: number, bounds: Bounds = BOUNDS, outer: Meter | null = null) {
    this.bounds = bounds;
    this.#packed = packed;
    this.#outer = outer;
  }

  /** The bound of the whole container that was reached, as a sentence part; nothing more of it is to be read then. */
  get reached(): string | null {
    return this.#reached ?? this.#outer?.reached ?? null;
  }

  /** Counts one member. Throws a `MemberFault` when that is one too many for the container. */
  countMember(name: string): void {
    this.#members += 1;
    this.#nameBytes += Buffer.byteLength(name);
    if (this.#members > this.bounds.members) {
      this.#stop(`it holds more than ${grouped(this.bounds.members)} files`);
    }
    if (this.#nameBytes > this.bounds.allNameBytes) {
      this.#stop(`the names in it take more than ${sized(this.bounds.allNameBytes)}`);
    }
    this.#outer?.countMember(name);
  }

  /** Counts unpacked bytes. Throws a `MemberFault` when they are too many for the container. */
  countBytes(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.bounds.bytes) {
      this.#stop(`it unpacks to more than ${sized(this.bounds.bytes)}`);
    }
    if (isBeyondRatio(this.#bytes, this.#packed, this.bounds)) {
      this.#stop(`it unpacks to more than ${grouped(this.bounds.ratio)} times its size`);
    }
    this.#outer?.countBytes(bytes);
  }

  #stop(reason: string): never {
    this.#reached = reason;
    throw new MemberFault('limit', reason);
  }
}

/**
 * The content as it is, counted by `meter`. Ends by throwing a `MemberFault` as soon as more came out than the bounds of
 * the container or, where the member's own packed size is known, those of the member allow. One chunk is the most that is
 * produced beyond a bound.
 */
export async function* bounded(
  content: AsyncIterable<Uint8Array>,
  meter: Meter,
  packed: number | null = null,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of content) {
    bytes += chunk.length;
    meter.countBytes(chunk.length);
    if (packed !== null && isBeyondRatio(bytes, packed, meter.bounds)) {
      throw new MemberFault('limit', `it unpacks to more than ${grouped(meter.bounds.ratio)} times its packed size`);
    }
    yield chunk;
  }
}

function isBeyondRatio(bytes: number, packed: number, bounds: Bounds): boolean {
  return bytes > bounds.ratioFrom && bytes > packed * bounds.ratio;
}

function sized(bytes: number): string {
  const mib = bytes / MIB;
  return mib >= 1024 ? `${grouped(mib / 1024)} GiB` : `${grouped(mib)} MiB`;
}
