import { LONGEST_FRAME } from '../bytes/openpgp.ts';

/** Tells, for the counters, the lines of an OpenPGP frame from those it holds. */
export interface FrameLines {
  /** Whether lines are within a frame, so that the next one must be looked at. */
  readonly isOpen: boolean;
  /** Whether a line belongs to a frame. `start` is its beginning as Latin-1: at least 80 characters, or all of it. */
  isFrame(start: string): boolean;
  /** Behind the head of a frame, a blank line ends it. */
  blankLine(): void;
}

/** Outside a frame at first. One that does not end is no frame: beyond LONGEST_FRAME lines count as usual. */
export function createFrameLines(): FrameLines {
  let frame: 'none' | 'head' | 'signature' = 'none';
  let lines = 0;
  return {
    get isOpen() {
      return frame !== 'none';
    },
    isFrame(start) {
      if (frame === 'none') {
        if (!start.startsWith('-----BEGIN PGP SIGN')) {
          return false;
        }
        frame = start.startsWith('-----BEGIN PGP SIGNED MESSAGE-----') ? 'head' : 'signature';
        lines = 0;
        return true;
      }
      lines += 1;
      if (lines > LONGEST_FRAME[frame]) {
        frame = 'none';
        return false;
      }
      if (frame === 'signature' && start.startsWith('-----END PGP SIGNATURE-----')) {
        frame = 'none';
      }
      return true;
    },
    blankLine() {
      frame = frame === 'head' ? 'none' : frame;
    },
  };
}
