import { isWord } from '../bytes/hex.ts';

/** What the tokenizer tells, in the order of the input. Bytes are valid during the call only. */
export interface HtmlHandler {
  text(bytes: Buffer, start: number, end: number): void;
  /** A start or end tag, by its name in lower case. */
  tag(name: string, isEnd: boolean): void;
  /** A line feed outside of text. */
  lineFeed(): void;
}

type State = 'text' | 'opened' | 'end-opened' | 'name' | 'tag' | 'quoted' | 'markup' | 'comment' | 'raw';

const LESS = 60;
const GREATER = 62;
const SLASH = 47;
const DASH = 45;
const NAME_LIMIT = 32;
const RAW_ELEMENTS = new Set(['script', 'style']);

/**
 * Cuts HTML into text and tags, leniently and without keeping either: attributes, comments, scripts and styles are left
 * out. Takes chunks cut anywhere.
 */
export function createHtmlTokenizer(handler: HtmlHandler): {
  push(bytes: Buffer): void;
  /** True when the input ends outside of tags, comments and scripts. */
  end(): boolean;
} {
  let state: State = 'text';
  let name = '';
  let isEnd = false;
  let quote = 0;
  /** Dashes in a row, of a comment; bytes since `<!`, of other markup. */
  let count = 0;
  /** The end of what was read inside a script or style. */
  let rawTail = '';

  const closeTag = (): void => {
    handler.tag(name, isEnd);
    state = 'text';
    if (!isEnd && RAW_ELEMENTS.has(name)) {
      state = 'raw';
      rawTail = '';
    }
  };

  const startName = (byte: number, end: boolean): void => {
    isEnd = end;
    name = String.fromCharCode(byte).toLowerCase();
    state = 'name';
  };

  /** Text from `at` on; returns where it stops. */
  const readText = (bytes: Buffer, at: number): number => {
    const less = bytes.indexOf(LESS, at);
    const stop = less < 0 ? bytes.length : less;
    if (stop > at) {
      handler.text(bytes, at, stop);
    }
    state = less < 0 ? 'text' : 'opened';
    return less < 0 ? stop : stop + 1;
  };

  /** One byte that is not text; false when it has to be read again. */
  const step = (byte: number): boolean => {
    if (state === 'opened') {
      return stepOpened(byte);
    }
    if (state === 'end-opened') {
      if (isLetter(byte)) {
        startName(byte, true);
      } else {
        state = 'markup';
        count = 2;
        return false;
      }
    } else if (state === 'name') {
      if (isWord(byte) || byte === DASH || byte === 58) {
        name = name.length < NAME_LIMIT ? name + String.fromCharCode(byte).toLowerCase() : name;
      } else {
        state = 'tag';
        return false;
      }
    } else if (state === 'tag') {
      if (byte === GREATER) {
        closeTag();
      } else if (!isEnd && (byte === 34 || byte === 39)) {
        quote = byte;
        state = 'quoted';
      }
    } else if (state === 'quoted') {
      state = byte === quote ? 'tag' : 'quoted';
    } else {
      stepMarkup(byte);
    }
    return true;
  };

  const stepOpened = (byte: number): boolean => {
    if (isLetter(byte)) {
      startName(byte, false);
    } else if (byte === SLASH) {
      state = 'end-opened';
    } else if (byte === 33 || byte === 63) {
      state = 'markup';
      count = byte === 33 ? 0 : 2;
    } else {
      handler.text(LESS_TEXT, 0, 1);
      state = 'text';
      return false;
    }
    return true;
  };

  const stepMarkup = (byte: number): void => {
    if (state === 'markup') {
      if (byte === DASH && count < 2) {
        count += 1;
        state = count === 2 ? 'comment' : 'markup';
        count = state === 'comment' ? 0 : count;
      } else if (byte === GREATER) {
        state = 'text';
      } else {
        count = 2;
      }
    } else if (state === 'comment') {
      if (byte === GREATER && count >= 2) {
        state = 'text';
      }
      count = byte === DASH ? count + 1 : 0;
    } else {
      rawTail = (rawTail + String.fromCharCode(byte).toLowerCase()).slice(-(name.length + 2));
      if (rawTail === `</${name}`) {
        isEnd = true;
        state = 'tag';
      }
    }
  };

  return {
    push(bytes) {
      let at = 0;
      while (at < bytes.length) {
        if (state === 'text') {
          at = readText(bytes, at);
        } else if (step(bytes[at] as number)) {
          if (bytes[at] === 10) {
            handler.lineFeed();
          }
          at += 1;
        }
      }
    },
    end() {
      if (state === 'opened') {
        handler.text(LESS_TEXT, 0, 1);
        state = 'text';
      }
      return state === 'text';
    },
  };
}

const LESS_TEXT = Buffer.from('<');

function isLetter(byte: number): boolean {
  return (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122);
}
