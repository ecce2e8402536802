import { type DigestKind, kindOfHexLength } from '#shared/domain/hash.ts';

export interface FoundHash {
  readonly kind: DigestKind;
  /** Lower-case hex. */
  readonly hash: string;
  /** 1-based. */
  readonly line: number;
}

/** Every digest that stands alone in the text, in order. A slice of a longer run is none. */
export function findHashes(text: string): FoundHash[] {
  const found: FoundHash[] = [];
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    for (const match of line.matchAll(/[0-9a-z]+/gi)) {
      const kind = /^[0-9a-f]+$/i.test(match[0]) ? kindOfHexLength(match[0].length) : null;
      if (kind !== null) {
        found.push({ kind, hash: match[0].toLowerCase(), line: index + 1 });
      }
    }
  }
  return found;
}
