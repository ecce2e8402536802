import { LABEL_BYTES, setAsideBy } from '../names/label-before.ts';

/** A heading that names what the lines below it hold, as YAML and notes write it: `Imphash:`, then `- 0123…` line by line. */
export interface LabelAbove {
  /** The name under which the run at `from` is set aside, or null. Takes the line from `context` on. */
  aside(bytes: Buffer, context: number, from: number): string | null;
  /** Behind every line, which holds the bytes [from, to) without blanks around; a blank line ends a list that has begun. */
  lineEnded(bytes: Buffer, from: number, to: number, hasDigest: boolean): void;
}

/** What may stand in front of an item: a mark of a list, an opening quotation mark. */
const ITEM = /^[ \t>]*(?:[-*+] *|\d{1,3}[.)] +)?["'`]?$/;
const LONGEST_ITEM_MARK = 48;
const COLON = 58;
const LETTER_M = 109;

/** The heading of a table of the sections of a program, as analysis reports print it (CISA's, VirusTotal's pages). */
const OF_SECTIONS = /^md5\s+name\s+raw size\s+entropy$/i;

/** Only a heading that ends with a colon counts, and only for the items right below it. */
export function createLabelAbove(): LabelAbove {
  let label: string | null = null;
  let wasItem = false;
  let hasItems = false;
  return {
    aside(bytes, context, from) {
      wasItem =
        label !== null && from - context <= LONGEST_ITEM_MARK && ITEM.test(bytes.toString('latin1', context, from));
      return wasItem ? label : null;
    },
    lineEnded(bytes, from, to, hasDigest) {
      if (from === to) {
        label = hasItems ? null : label;
      } else if (hasDigest || !wasItem) {
        label = hasDigest || !mayHead(bytes, from, to) ? null : headedBy(bytes, from, to);
        hasItems = false;
      } else {
        hasItems = true;
      }
      wasItem = false;
    },
  };
}

/** Looks at two bytes, because every line of a log passes here. */
function mayHead(bytes: Buffer, from: number, to: number): boolean {
  return bytes[to - 1] === COLON || ((bytes[from] as number) | 32) === LETTER_M;
}

function headedBy(bytes: Buffer, from: number, to: number): string | null {
  const end = bytes.toString('latin1', Math.max(from, to - LABEL_BYTES), to);
  if (OF_SECTIONS.test(end)) {
    return 'section hash';
  }
  return end.endsWith(':') ? setAsideBy(end) : null;
}
