import { keyFilter } from './without-key.ts';

/** Words of the source in a message are cut here: they are a sentence, not a page. */
const LONGEST_WORDS = 200;

/** What a cut may leave of a character of two units. */
const HALF_CHARACTER = /[\uD800-\uDBFF]$/;

/** Text of the source without line ends and control characters, which a terminal would obey, at most so long. */
export function plainText(text: string, longest: number): string {
  const plain = text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  return plain.length <= longest ? plain : `${plain.slice(0, longest - 1).replace(HALF_CHARACTER, '')}…`;
}

/** What a terminal would obey, and what turns the direction of the text around it. */
const OBEYED = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu;

/** A name that is compared with names of the same server: as it came, but for what a terminal would obey, at most so long. */
export function plainName(name: string, longest: number): string {
  const plain = name.toWellFormed().replace(OBEYED, ' ');
  return plain.length <= longest ? plain : `${plain.slice(0, longest - 1).replace(HALF_CHARACTER, '')}…`;
}

/** What the source said, as it may be shown: a server may repeat the key it was sent, as it is or as part of a URL. */
export function ownWords(text: string, key: string): string {
  return plainText(keyFilter([key]).clean(text), LONGEST_WORDS).replace(/\.$/, '');
}
