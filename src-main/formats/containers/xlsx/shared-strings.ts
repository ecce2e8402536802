import { MemberFault } from '../port.ts';
import { csvCell, type GrowingBytes, withoutEscapes } from './cell-bytes.ts';
import { XmlFeed } from './xml-feed.ts';

/** Texts packed in blocks of this size, so that growing copies little and nothing is reserved that is not used. */
const BLOCK = 8 * 1024 * 1024;
/** A workbook has at most as many different texts as fit; both are far beyond what a sheet of a million rows has. */
const MOST_BYTES = 512 * 1024 * 1024;
const MOST_TEXTS = 16 * 1024 * 1024;
/** Far above the usual. */
const FIRST_ROOM = 64 * 1024;

/** The texts cells refer to by number, kept as the bytes they have in CSV. */
export class SharedStrings {
  readonly #blocks: Buffer[] = [];
  /** Block (high part) and place in it of each text; the end of a text is the start of the next one or of the block. */
  #starts = new Float64Array(FIRST_ROOM);
  #lengths = new Uint32Array(FIRST_ROOM);
  #bytes = 0;
  #used = BLOCK;
  count = 0;

  add(text: string): void {
    const cell = csvCell(withoutEscapes(text));
    if (cell === null) {
      throw new MemberFault('limit', 'one of its texts is longer than 1 MiB');
    }
    const length = Buffer.byteLength(cell, 'utf8');
    this.#bytes += length;
    if (this.#bytes > MOST_BYTES || this.count >= MOST_TEXTS) {
      throw new MemberFault('limit', 'its table of texts is larger than 512 MiB or 16,777,216 texts');
    }
    if (this.#used + length > BLOCK) {
      this.#blocks.push(Buffer.allocUnsafeSlow(BLOCK));
      this.#used = 0;
    }
    if (this.count === this.#starts.length) {
      this.#grow();
    }
    const block = this.#blocks.length - 1;
    this.#blocks[block]?.write(cell, this.#used, 'utf8');
    this.#starts[this.count] = block * BLOCK + this.#used;
    this.#lengths[this.count] = length;
    this.#used += length;
    this.count += 1;
  }

  /** Bytes of the text with this number; 0 when there is none. */
  lengthOf(index: number): number {
    return index >= 0 && index < this.count ? (this.#lengths[index] ?? 0) : 0;
  }

  writeTo(target: GrowingBytes, index: number): void {
    const start = this.#starts[index] ?? 0;
    const block = this.#blocks[Math.floor(start / BLOCK)];
    const at = start % BLOCK;
    if (block !== undefined) {
      target.copy(block, at, at + this.lengthOf(index));
    }
  }

  #grow(): void {
    const room = this.#starts.length * 2;
    const [starts, lengths] = [new Float64Array(room), new Uint32Array(room)];
    starts.set(this.#starts);
    lengths.set(this.#lengths);
    this.#starts = starts;
    this.#lengths = lengths;
  }
}

/** Reads the table of shared texts; runs of rich text are one text, how it is pronounced is left out. */
export async function readSharedStrings(chunks: AsyncIterable<Uint8Array>): Promise<SharedStrings> {
  const strings = new SharedStrings();
  let text = '';
  let isText = false;
  let phonetic = 0;
  const feed = new XmlFeed({
    open(name) {
      if (name === 'si') {
        text = '';
      } else if (name === 'rPh') {
        phonetic += 1;
      }
      isText = name === 't' && phonetic === 0;
    },
    text(piece) {
      if (isText) {
        text += piece;
      }
    },
    close(name) {
      isText = false;
      if (name === 'si') {
        strings.add(text);
      } else if (name === 'rPh') {
        phonetic -= 1;
      }
    },
  });
  for await (const chunk of chunks) {
    feed.write(chunk);
  }
  feed.end();
  return strings;
}
