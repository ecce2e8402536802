import { withEntities } from '../../entities.ts';

/**
 * Characters nobody sees or that turn the order of others about: controls, lone surrogates, soft hyphen, marks of
 * direction (Unicode UAX 9), line and paragraph separators, zero-width and invisible ones, annotations, tags.
 */
const UNSEEN =
  /[\p{Cc}\p{Cs}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\u{e0000}-\u{e007f}]/gu;
const UNSEEN_BUT_LINES =
  /(?!\n)[\p{Cc}\p{Cs}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\u{e0000}-\u{e007f}]/gu;
const PLAIN = /^[\w .,:;/\\()[\]{}+*=@#%$!?|~^-]*$/;

/** The most of one value that a page shows, in characters. */
const MOST_SHOWN = 2000;

/**
 * Text from outside as it may stand in an element of HTML, not in an attribute. Nothing hides: what a reader could not see is named, as
 * `⟨U+202E⟩`, and a value that is too long says how long it is.
 */
export function shown(text: string): string {
  return isPlain(text) ? text : visible(text, UNSEEN);
}

/** The same for the title of a window, which holds no elements. */
export function shownTitle(text: string): string {
  // Every `<` of the text itself is escaped by now.
  return shown(text).replace(/<\/?(?:i|em)>/g, '');
}

/** The same for what a person wrote in several lines: their breaks stay. */
export function shownLines(text: string): string {
  return isPlain(text) ? text : visible(text.replaceAll('\r\n', '\n'), UNSEEN_BUT_LINES, 20_000);
}

/** Most values are: a million of them are looked at. */
function isPlain(text: string): boolean {
  return text.length <= MOST_SHOWN && PLAIN.test(text) && !text.includes('\n');
}

function visible(text: string, unseen: RegExp, most = MOST_SHOWN): string {
  const safe = withEntities(cut(text, most)).replace(
    unseen,
    (char) => `<i>⟨U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩</i>`,
  );
  return text.length > most ? `${safe}<em>… cut; ${text.length} characters, whole in CSV and JSONL</em>` : safe;
}

/** Never in the middle of a pair: half of one would be shown as damage that is not there. */
function cut(text: string, most: number): string {
  const isPair = /[\ud800-\udbff]/.test(text.charAt(most - 1)) && text.length > most;
  return text.length > most ? text.slice(0, isPair ? most - 1 : most) : text;
}
