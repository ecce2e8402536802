/** Bytes that can be read at any place: a file, or a member of another container held in memory. */
export interface ByteSource {
  readonly size: number;
  /** The bytes from `at` on, `length` of them, fewer only at the end. The array belongs to the caller. */
  read(at: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Why a member is not read. `encrypted`: no password fits; `limit`: a bound was reached; `no-file`: a link or a device. */
export type RefusalKind = 'encrypted' | 'damaged' | 'limit' | 'no-file';

/** Something inside a container that can be read. */
export interface ContainerMember {
  readonly kind: 'member';
  /** Its path inside the container, parts divided by `/`; a name of a sheet. Not cleaned: it may hold anything. */
  readonly name: string;
  /** `text`: drawn out by us, a table or text that is always read as a list. `file`: list or sample, its content decides. */
  readonly as: 'text' | 'file';
  /** Of text: the format it is read as unless another is asked for, where its first lines would not tell. */
  readonly format?: string;
  /** Size in bytes as the container says, which may be a lie; null when it says none. */
  readonly size: number | null;
  /** Bytes it takes inside the container, where that is known of each member: holds its ratio against the bounds. */
  readonly packed?: number;
  /** Present where it is encrypted, whether a password fits or not. */
  readonly isEncrypted?: true;
  /**
   * Its content, to be read once, and to its end or given up before the next member is asked for. Ends early by throwing a
   * `MemberFault` when it is damaged, encrypted or larger than the bounds allow.
   */
  readonly content: AsyncIterable<Uint8Array>;
}

/** Something inside a container that is not read, and why: a sentence part for people. */
export interface RefusedMember {
  readonly kind: 'refused';
  readonly name: string;
  readonly why: RefusalKind;
  readonly reason: string;
}

export type ContainerFinding = ContainerMember | RefusedMember;

/** Thrown while a member or a container is read. The message is a sentence part for people, without a stop at its end. */
export class MemberFault extends Error {
  readonly why: RefusalKind;

  constructor(why: RefusalKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MemberFault';
    this.why = why;
  }
}

export interface ContainerOptions {
  /** Passwords to try, in their order; the usual one comes first. */
  readonly passwords: readonly string[];
  readonly signal: AbortSignal;
}

/** One kind of container. Knows how to open it and what is inside; what becomes of members is decided elsewhere. */
export interface ContainerFormat {
  readonly id: string;
  readonly label: string;
  /**
   * What is inside, in the order it is stored. Ends by throwing a `MemberFault` when the container is damaged or a bound is
   * reached: what came before stands. Never writes to disk. Leaves `source` open.
   */
  open(source: ByteSource, options: ContainerOptions): AsyncIterable<ContainerFinding>;
}
