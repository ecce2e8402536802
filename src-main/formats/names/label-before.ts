import type { DigestKind } from '#shared/domain/hash.ts';
import { classifyName } from './classify-name.ts';
import { isCustomField } from './custom-field.ts';

/** How far in front of a digest a label is looked for, in bytes of the same line. */
export const LABEL_BYTES = 64;

/**
 * The name under which a digest-like run is set aside because of the words right in front of it (`imphash: `,
 * `"Description-md5": `, `BuildID[sha1]=`, `PE SHA256 `), or null. `before` is at most LABEL_BYTES of the same line, as
 * Latin-1. Between label and digest only marks that tie a label to its value may stand.
 */
export function setAsideBy(before: string): string | null {
  if (/[/#@]$/.test(before) && OF_A_COMMIT.test(before)) {
    return 'git commit';
  }
  if (before.endsWith(OF_AN_IMAGE) && isOneOf(before.charCodeAt(before.length - OF_AN_IMAGE.length - 1), IN_LABEL)) {
    return 'container image';
  }
  if (before.endsWith(' ') && OF_A_TREE.test(before)) {
    return 'git object';
  }
  const end = skipTies(before);
  const start = skipBack(before, end, IN_LABEL);
  if (start === end) {
    return null;
  }
  const word = before.slice(start, end);
  const meaning = classifyName(word);
  if (meaning?.kind === 'never') {
    return meaning.name;
  }
  // The word in front of a custom field is the end of another field.
  if (start === 0 || !isOneOf(before.charCodeAt(start - 1), BETWEEN_WORDS) || isCustomField(word)) {
    return null;
  }
  const first = skipBack(before, start - 1, IN_WORD);
  const pair = first === start - 1 ? null : classifyName(before.slice(first, end));
  return pair?.kind === 'never' ? pair.name : null;
}

/** The word that labels the value behind `before`, as it stands there; '' for none. Takes the same text as setAsideBy. */
export function labelBefore(before: string): string {
  const end = skipTies(before);
  return before.slice(skipBack(before, end, IN_LABEL), end);
}

/** How an image of a container is pinned: `alpine@sha256:...`; what follows is the digest of its manifest. */
const OF_AN_IMAGE = '@sha256:';

/** The end of an address that goes on with a commit, as sites of repositories, lock files and workflows write it. */
const OF_A_COMMIT =
  /\/commits?\/$|(?:git\+|\.git\b|git(?:hub|lab)\.com\/)[^\s#]*[#@]$|\buses: *[^\s@]+@$|git(?:hub|lab)[^\s/]*\/\S*\/(?:blob|tree|raw)\/$|githubusercontent\.com\/[^\s/]+\/[^\s/]+\/$/;

/** The mode in front of an object, as `git ls-files --stage` and `git ls-tree` print it: its name is no digest of the file. */
const OF_A_TREE = /(?:^|\s)(?:100644|100755|120000|160000|040000) (?:(?:blob|tree|commit) )?$/;

/**
 * The kind of digest that the words right in front of a value announce (`SHA-256: `, `MD5 hash = `), or null. Takes the
 * same text as setAsideBy.
 */
export function kindNamedBy(before: string): DigestKind | null {
  const end = skipTies(before);
  const start = skipBack(before, end, IN_LABEL);
  const meaning = start === end ? null : classifyName(before.slice(start, end));
  if (meaning?.kind === 'digest') {
    return meaning.digest;
  }
  if (meaning?.kind !== 'any' || start === 0 || !isOneOf(before.charCodeAt(start - 1), BETWEEN_WORDS)) {
    return null;
  }
  const pair = classifyName(before.slice(skipBack(before, start - 1, IN_LABEL), end));
  return pair?.kind === 'digest' ? pair.digest : null;
}

const LETTERS_AND_DIGITS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const IN_WORD = charactersOf(LETTERS_AND_DIGITS);
const IN_LABEL = charactersOf(`${LETTERS_AND_DIGITS}_.-`);
const BETWEEN_WORDS = charactersOf(' /[');
const BLANKS = charactersOf(' \t');
const OPENING = charactersOf('"\'`([{<');
const CLOSING = charactersOf('"\'`])');
const BACKSLASH = charactersOf('\\');
const TIES = charactersOf(':=>!~');

/** Where the label ends: in front of `": "`, ` = `, `=>`, `]=` and the like. */
function skipTies(before: string): number {
  let at = skipEscaped(before, before.length, OPENING);
  at = skipBack(before, at, BLANKS);
  const tied = skipEscaped(before, at, TIES);
  // The dash of an arrow; any other dash belongs to the word in front.
  at = tied < at && before.charAt(tied) === '>' && before.charAt(tied - 1) === '-' ? tied - 1 : tied;
  at = skipBack(before, at, BLANKS);
  at = skipEscaped(before, at, CLOSING);
  // A function without arguments: pe.imphash() == "...".
  return before.startsWith('()', at - 1) ? at - 1 : at;
}

/** The same where backslashes stand in front of these characters: `\"imphash\":\"`, and `imphash\=` of CEF. */
function skipEscaped(text: string, from: number, characters: Uint8Array): number {
  const at = skipBack(text, from, characters);
  return at < from ? skipBack(text, at, BACKSLASH) : at;
}

function skipBack(text: string, from: number, characters: Uint8Array): number {
  let at = from;
  while (at > 0 && isOneOf(text.charCodeAt(at - 1), characters)) {
    at -= 1;
  }
  return at;
}

function isOneOf(code: number, characters: Uint8Array): boolean {
  return characters[code] === 1;
}

function charactersOf(text: string): Uint8Array {
  const table = new Uint8Array(256);
  for (let at = 0; at < text.length; at += 1) {
    table[text.charCodeAt(at)] = 1;
  }
  return table;
}
