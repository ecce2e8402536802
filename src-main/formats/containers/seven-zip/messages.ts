/** What the thread that runs 7-Zip is started with. */
export interface SevenZipStart {
  /** 7-Zip, compiled. */
  readonly module: object;
  /** Bytes of the archive. */
  readonly size: number;
  /** Two 32-bit cells, see CELL. */
  readonly cells: SharedArrayBuffer;
  /** Where bytes of the archive are put that the thread asked for. */
  readonly window: SharedArrayBuffer;
}

/** Places in the cells that both threads see. */
export const CELL = {
  /** PENDING while bytes of the archive are awaited, else how many came, or FAILED. */
  read: 0,
  /** Unpacked bytes on their way to the reader. The thread waits while there are more than IN_FLIGHT. */
  inFlight: 1,
} as const;
export const CELLS = 2;
export const PENDING = -1;
export const FAILED = -2;

/** Bytes of the archive that are asked for at a time. */
export const WINDOW_BYTES = 1024 * 1024;
/** Unpacked bytes that may wait to be read. */
export const IN_FLIGHT = 4 * 1024 * 1024;

/** What the thread is asked to do, once. */
export type SevenZipRequest =
  | { readonly kind: 'list'; readonly password: string | null }
  /** Unpacks until it is known whether the password opens the entry at `index`. */
  | { readonly kind: 'probe'; readonly password: string; readonly index: number; readonly isChecking: boolean }
  | { readonly kind: 'unpack'; readonly password: string | null };

/** An entry as 7-Zip lists it. Line ends in its name are replaced already. */
export interface ListedEntry {
  readonly name: string;
  readonly type: 'file' | 'folder' | 'link' | 'other';
  readonly size: number | null;
  readonly isEncrypted: boolean;
  /** False when nothing tells right content from wrong: 7-Zip writes one for every file that is not empty. */
  readonly hasChecksum: boolean;
  /** Its method stumbles over wrong bytes long before the end, which storing and PPMd do not. */
  readonly isChecking: boolean;
}

/** How a run of 7-Zip ended. */
export type RunEnd =
  | { readonly kind: 'done'; readonly complaints: readonly string[] }
  | { readonly kind: 'probed'; readonly isFitting: boolean }
  | { readonly kind: 'asks-password' }
  /** A bound of the whole archive was reached: `reason` is a sentence part for people. */
  | { readonly kind: 'limit'; readonly reason: string }
  /** It broke off, over damage or for want of memory. */
  | { readonly kind: 'broke'; readonly why: 'damaged' | 'limit'; readonly reason: string };

/** What comes of a request, in the order of the archive. */
export type SevenZipEvent =
  | { readonly kind: 'entry'; readonly entry: ListedEntry }
  /** The next entry in the order of the list begins; what follows belongs to it. */
  | { readonly kind: 'item'; readonly name: string }
  | { readonly kind: 'data'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** What 7-Zip says is wrong with the entry. */
  | { readonly kind: 'complaint'; readonly text: string }
  | { readonly kind: 'end'; readonly end: RunEnd };

/** From the thread: bytes of the archive it needs, and events by the batch. */
export type SevenZipMessage =
  | { readonly kind: 'read'; readonly at: number; readonly length: number }
  /** `bytes` are how many of unpacked data are in it. */
  | { readonly kind: 'events'; readonly events: readonly SevenZipEvent[]; readonly bytes: number };
