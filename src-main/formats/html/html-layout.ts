import { textOf } from '../bytes/text.ts';
import { decodeEntities } from '../events/entities.ts';

/** Elements that are part of the line they stand in; every other one begins a line of its own. */
const INLINE = new Set(
  'a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd label mark nobr q s samp small span strike strong sub sup time tt u var wbr'.split(
    ' ',
  ),
);

/** What a tag does to the text around it. */
export function layoutOf(name: string, isEnd: boolean): 'none' | 'break' | 'cell' | 'head-cell' | 'end-row' {
  if (INLINE.has(name)) {
    return 'none';
  }
  if (name === 'td' || name === 'th') {
    return isEnd ? 'break' : name === 'td' ? 'cell' : 'head-cell';
  }
  return name === 'tr' || name === 'table' ? 'end-row' : 'break';
}

/** Bytes of a line of text from which the next blank ends it, and from which anything does. */
export const LINE_SOFT_LIMIT = 256 * 1024;
export const LINE_HARD_LIMIT = 512 * 1024;

/** A line as a reader sees it: character references resolved, in one line. */
export function visibleText(bytes: Buffer): string {
  return decodeEntities(textOf(bytes, 0, bytes.length)).replaceAll('\n', ' ');
}
