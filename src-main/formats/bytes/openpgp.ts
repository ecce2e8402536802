const FRAME = Buffer.from('-----BEGIN PGP SIGN');
const MESSAGE = 'ED MESSAGE-----';
const END = Buffer.from('-----END PGP SIGNATURE-----');
const DASH = 45;
/** A frame that does not end is no frame: lines beyond these numbers are read as usual. */
export const LONGEST_FRAME = { head: 20, signature: 200 } as const;

/** Tells the frame of a clear-signed list (its head lines and its signature) from the lines it holds. */
export interface FrameFilter {
  /** Whether lines are within a frame. */
  readonly isOpen: boolean;
  isFrame(bytes: Buffer, start: number, end: number): boolean;
  blankLine(): void;
}

export function createFrameFilter(): FrameFilter {
  let inside: 'no' | 'head' | 'signature' = 'no';
  let left = 0;
  return {
    get isOpen() {
      return inside !== 'no';
    },
    isFrame(bytes, start, end) {
      if (inside === 'no') {
        if (bytes[start] !== DASH || !startsWith(bytes, start, end, FRAME)) {
          return false;
        }
        const after = start + FRAME.length;
        inside =
          bytes.toString('latin1', after, Math.min(end, after + MESSAGE.length)) === MESSAGE ? 'head' : 'signature';
        left = LONGEST_FRAME[inside];
        return true;
      }
      left -= 1;
      if (left < 0) {
        inside = 'no';
        return false;
      }
      if (inside === 'signature' && startsWith(bytes, start, end, END)) {
        inside = 'no';
      }
      return true;
    },
    blankLine() {
      if (inside === 'head') {
        inside = 'no';
      }
    },
  };
}

function startsWith(bytes: Buffer, start: number, end: number, text: Buffer): boolean {
  return end - start >= text.length && bytes.compare(text, 0, text.length, start, start + text.length) === 0;
}
