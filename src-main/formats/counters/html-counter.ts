import { LINE_HARD_LIMIT, LINE_SOFT_LIMIT, layoutOf, visibleText } from '../html/html-layout.ts';
import { OWN_HASH, OWN_PAGE, ownLayoutOf } from '../html/own-page.ts';
import type { RecordCounter } from '../record-sink.ts';
import { createTextCounter } from './text-counter.ts';

/** Where a character stands. */
type Place =
  | { readonly kind: 'text' }
  | { readonly kind: 'less'; readonly seen: '' | '/' }
  | { readonly kind: 'tag'; name: string; isNamed: boolean; readonly isEnd: boolean; quote: string }
  | { readonly kind: 'declaration'; seen: string }
  | { readonly kind: 'comment'; dashes: number }
  | { readonly kind: 'element'; readonly name: string; seen: string };

const TEXT: Place = { kind: 'text' };

/** Counts the rows of HTML tables that hold data; what is around them counts as free text, line by line. */
export function createHtmlCounter(): RecordCounter {
  const prose = createTextCounter();
  let place: Place = TEXT;
  let line = '';
  let isBehindEmpty = false;
  let rows = 0;
  let hasData = false;
  let inCell = false;
  let isOwn = false;

  const endLine = (): void => {
    if (line === '' && isBehindEmpty) {
      return;
    }
    isBehindEmpty = line === '';
    prose.push(Buffer.from(`${visibleText(Buffer.from(line, 'latin1'))}\n`));
    line = '';
  };
  const endRow = (): void => {
    rows += hasData ? 1 : 0;
    hasData = false;
    inCell = false;
  };

  const takeText = (character: string): void => {
    if (inCell || isOwn) {
      return;
    }
    const isBlank = ' \t\n\r\v\f'.includes(character);
    if (character === '\n' || (isBlank && line.length >= LINE_SOFT_LIMIT)) {
      endLine();
      return;
    }
    if (line.length >= LINE_HARD_LIMIT) {
      endLine();
    }
    line += character;
  };

  const takeTag = (name: string, isEnd: boolean): void => {
    place = !isEnd && (name === 'script' || name === 'style') ? { kind: 'element', name, seen: '' } : TEXT;
    if (name === OWN_PAGE) {
      endLine();
      endRow();
      isOwn = !isEnd;
      return;
    }
    const layout = isOwn ? ownLayoutOf(name, isEnd) : layoutOf(name, isEnd);
    if (layout === 'none') {
      return;
    }
    if (inCell && layout === 'break') {
      inCell = name !== 'td' && name !== 'th' && name !== OWN_HASH;
      return;
    }
    endLine();
    if (layout === 'end-row') {
      endRow();
    } else if (layout !== 'break') {
      hasData ||= layout === 'cell';
      inCell = true;
    }
  };

  /** What stands behind `<` or `</`. */
  const takeLess = (seen: '' | '/', character: string): void => {
    if (/[a-z]/i.test(character)) {
      place = { kind: 'tag', name: character.toLowerCase(), isNamed: false, isEnd: seen === '/', quote: '' };
    } else if (seen === '/') {
      place = character === '>' ? TEXT : { kind: 'declaration', seen: 'xx' };
    } else if (character === '/') {
      place = { kind: 'less', seen: '/' };
    } else if (character === '!' || character === '?') {
      place = { kind: 'declaration', seen: character === '!' ? '' : 'xx' };
    } else {
      place = TEXT;
      takeText('<');
      take(character);
    }
  };

  const takeInTag = (tag: Extract<Place, { kind: 'tag' }>, character: string): void => {
    if (!tag.isNamed && /[a-z0-9:-]/i.test(character)) {
      tag.name += tag.name.length < 32 ? character.toLowerCase() : '';
      return;
    }
    tag.isNamed = true;
    if (tag.quote !== '') {
      tag.quote = character === tag.quote ? '' : tag.quote;
    } else if (character === '>') {
      takeTag(tag.name, tag.isEnd);
    } else if (!tag.isEnd && (character === '"' || character === "'")) {
      tag.quote = character;
    }
  };

  const take = (character: string): void => {
    switch (place.kind) {
      case 'text': {
        if (character === '<') {
          place = { kind: 'less', seen: '' };
        } else {
          takeText(character);
        }
        break;
      }
      case 'less': {
        takeLess(place.seen, character);
        break;
      }
      case 'tag': {
        takeInTag(place, character);
        break;
      }
      case 'declaration': {
        if (character === '>') {
          place = TEXT;
        } else {
          place.seen = (place.seen + character).slice(0, 2);
          place = place.seen === '--' ? { kind: 'comment', dashes: 0 } : place;
        }
        break;
      }
      case 'comment': {
        if (character === '>' && place.dashes >= 2) {
          place = TEXT;
        } else {
          place.dashes = character === '-' ? place.dashes + 1 : 0;
        }
        break;
      }
      case 'element': {
        place.seen = (place.seen + character.toLowerCase()).slice(-place.name.length - 2);
        if (place.seen === `</${place.name}`) {
          place = { kind: 'tag', name: place.name, isNamed: true, isEnd: true, quote: '' };
        }
        break;
      }
    }
  };

  return {
    push(chunk) {
      for (const character of Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1')) {
        take(character);
      }
    },
    end() {
      if (place.kind === 'less' && place.seen === '') {
        takeText('<');
      }
      endLine();
      endRow();
      return rows + prose.end();
    },
  };
}
