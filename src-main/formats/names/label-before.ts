import { classifyName } from './classify-name.ts';

/** How far in front of a digest a label is looked for, in bytes of the same line. */
export const LABEL_BYTES = 64;

/**
 * The name under which a digest-like run is set aside because of the words right in front of it (`imphash: `,
 * `"Description-md5": `, `BuildID[sha1]=`), or null. `before` is at most LABEL_BYTES of the same line, as Latin-1.
 */
export function setAsideBy(before: string): string | null {
  const match = LABEL.exec(before);
  if (match === null) {
    return null;
  }
  const [, first = '', second = ''] = match;
  const meaning = classifyName(second);
  if (meaning?.kind === 'never') {
    return meaning.name;
  }
  if (first === '') {
    return null;
  }
  const pair = classifyName(`${first} ${second}`);
  return pair?.kind === 'never' ? pair.name : null;
}

/** One or two words, then only marks that tie a label to its value. */
const LABEL =
  /(?:([A-Za-z0-9]{1,24})[ _./[-])?([A-Za-z][A-Za-z0-9_.-]{0,47})["'`\])]*[\t ]*(?:[:=]|=>|->)?[\t ]*["'`([{<]*$/;
