import { bounded, Meter } from '../../../../formats/containers/bounds.ts';
import {
  MemberFault,
  type ByteSource,
  type ContainerFormat,
  type ContainerOptions,
} from '../../../../formats/containers/port.ts';

/** Hexadecimal digits as many as a digest has, and no more around them. */
const DIGEST = /(?<![0-9a-z])(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})(?![0-9a-z])/i;
/** Enough of the end of one piece to find what the cut between two pieces divides. */
const OVERLAP = 200;

/**
 * True when the text of a document holds something like a digest, so that the document is a list. One that cannot be read
 * for want of a password counts as well: what is asked for then is the password. Everything else unreadable is none, and
 * `unread` is told why.
 * What comes out of one in an archive counts for `outer`, the archive's meter, so that a thousand of them have its bounds.
 */
export async function holdsDigest(
  format: ContainerFormat,
  source: ByteSource,
  options: ContainerOptions,
  outer: Meter | null = null,
  unread: (fault: MemberFault) => void = () => undefined,
): Promise<boolean> {
  const meter = new Meter(source.size, outer?.bounds, outer);
  try {
    for await (const finding of format.open(source, options)) {
      if (finding.kind === 'member' && finding.as === 'text' && (await isIn(bounded(finding.content, meter)))) {
        return true;
      }
    }
    return false;
  } catch (error) {
    if (error instanceof MemberFault) {
      unread(error);
      return error.why === 'encrypted';
    }
    throw error;
  }
}

async function isIn(content: AsyncIterable<Uint8Array>): Promise<boolean> {
  const finder = new DigestFinder();
  for await (const chunk of content) {
    if (finder.push(chunk)) {
      return true;
    }
  }
  return finder.end();
}

/** Looks for something like a digest in text that comes in pieces. */
export class DigestFinder {
  #end = '';
  #isFound = false;

  /** True once there was one. */
  push(chunk: Uint8Array): boolean {
    if (!this.#isFound) {
      const text = this.#end + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1');
      // A run at the very end may go on in the next piece: it is looked at again with that.
      const open = /[0-9a-z]*$/i.exec(text.slice(-OVERLAP))?.[0].length ?? 0;
      this.#isFound = DIGEST.test(text.slice(0, text.length - open));
      this.#end = text.slice(-OVERLAP);
    }
    return this.#isFound;
  }

  /** The same, when no more comes. */
  end(): boolean {
    return this.#isFound || DIGEST.test(this.#end);
  }
}
