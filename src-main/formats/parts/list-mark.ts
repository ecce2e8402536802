/** What a program writes in front of every digest of a list. */
export interface ListMark {
  /** A line that starts with the mark and a digest. */
  readonly line: RegExp;
  readonly length: number;
  /** A sentence part for people. */
  readonly why: string;
  /** True where something looks the same that is no hash of a file. */
  readonly isGuess: boolean;
}

/** The longest beginning of a line that a mark is looked for in, in characters. */
export const MARK_WINDOW = 80;

/** No further cell: tables of addresses have names above their columns, which say more. */
const BEHIND_0X = /^["'`]?0x(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{40}|[0-9a-fA-F]{32})["'`]?(?= |\r?$)/;
const LIKE_ETHEREUM = /^["'`]?0x(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{40})(?![0-9A-Za-z])/;
/** The id of a program looks like that of a file, but ends with its language. */
const FILE_ID =
  /^["'`]?0000(?![0-9a-fA-F]{32}0000(?:[fF]{4}|0[0-9a-fA-F]{3})(?![0-9A-Za-z]))[0-9a-fA-F]{40}(?![0-9A-Za-z])/;

/**
 * The mark that at least half of these lines have in front of their digests, none of which stands without one, or null:
 * `0x`, or the `0000` of Amcache.
 */
export function listMarkOf(lines: readonly string[], plain: RegExp): ListMark | null {
  const enough = (line: RegExp): boolean => {
    const hits = lines.filter((text) => line.test(text)).length;
    return hits > 0 && hits >= (lines.length - 1) / 2;
  };
  if (lines.some((text) => plain.test(text))) {
    return null;
  }
  if (enough(BEHIND_0X)) {
    const isGuess = lines.some((text) => LIKE_ETHEREUM.test(text));
    const why = isGuess ? 'behind 0x, as addresses and transactions of Ethereum look as well' : 'behind 0x';
    return { line: BEHIND_0X, length: 2, why, isGuess };
  }
  return enough(FILE_ID)
    ? { line: FILE_ID, length: 4, why: 'behind 0000, as Amcache writes a SHA-1', isGuess: false }
    : null;
}

/** The text of a line without the mark in front of its digest. */
export function withoutMark(text: string, mark: ListMark | null): string {
  if (mark === null || !mark.line.test(text)) {
    return text;
  }
  const quotes = /^["'`]/.test(text) ? 1 : 0;
  return text.slice(0, quotes) + text.slice(quotes + mark.length);
}
