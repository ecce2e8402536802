import { DEPTH_LIMIT, TEXT_LIMIT } from '../json/tokens/tokenizer.ts';

/** What the counters are told about JSON; texts are Latin-1, escapes as written. */
export interface WalkEvents {
  open(isObject: boolean): void;
  close(): void;
  key(text: string): void;
  text(text: string): void;
  /** True when a value of so many characters would change nothing: it is not told then. */
  isIdle(length: number): boolean;
  scalar(text: string): void;
  overlong(isKey: boolean): void;
  /** The line, or all that follows, is given up. */
  stop(reason: 'broken' | 'cut'): void;
}

const BLANKS = new Set(Buffer.from(' \t\r\v\f,\u001e', 'latin1'));
const BARE = new Set(Buffer.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+._-', 'latin1'));
const LINE_FEED = 10;
const BACKSLASH = 92;
const QUOTE = 34;
const BRACE = 123;
const BRACKET = 91;
const COLON = 58;
const SCALAR = /^(?:(?:\d[\d+.eE-]*|-(?!I)[\d+.eE-]+)|true|false|null|NaN|-?Infinity|undefined|None|True|False)$/;
const LONGEST_SCALAR = 4096;

/** Walks over JSON as a string, with what is open as a list of marks; shares no code with the reader's tokenizer. */
export function createJsonWalk(events: WalkEvents, byLine: boolean) {
  /** What is open: codes of opening brackets. */
  let stack: number[] = [];
  let wanted: 'value' | 'key' | 'colon' = 'value';
  let inside: 'text' | 'bare' | null = null;
  let token = '';
  let tokenLength = 0;
  let skipping = false;
  let text = '';
  let at = 0;

  const keep = (part: string): void => {
    token += tokenLength > TEXT_LIMIT ? '' : part;
    tokenLength += part.length;
  };
  const stop = (): void => {
    skipping = true;
    inside = null;
    stack = [];
    wanted = 'value';
    events.stop('broken');
  };
  const after = (): void => {
    wanted = stack[stack.length - 1] === BRACE ? 'key' : 'value';
  };
  const endText = (): void => {
    inside = null;
    if (wanted === 'colon') {
      stop();
    } else if (wanted === 'key') {
      wanted = 'colon';
      if (tokenLength > TEXT_LIMIT) {
        events.overlong(true);
      } else {
        events.key(token);
      }
    } else {
      if (tokenLength > TEXT_LIMIT) {
        events.overlong(false);
      } else {
        events.text(token);
      }
      after();
    }
  };
  const endBare = (): void => {
    inside = null;
    if (wanted !== 'value' || tokenLength > LONGEST_SCALAR || !SCALAR.test(token)) {
      stop();
    } else {
      events.scalar(token);
      after();
    }
  };
  /** Takes a text up to its quote, to a line feed, or to the end of what is there; a backslash hides what follows it. */
  const takeText = (): void => {
    const from = at;
    const { length } = text;
    let mark = 0;
    while (at < length) {
      mark = text.charCodeAt(at);
      if (mark === QUOTE || mark === LINE_FEED) {
        break;
      }
      if (mark === BACKSLASH && at + 1 === length) {
        break;
      }
      at += mark === BACKSLASH && text.charCodeAt(at + 1) !== LINE_FEED ? 2 : 1;
    }
    const isWhole = at < length && mark === QUOTE;
    if (isWhole && tokenLength === 0 && wanted === 'value' && events.isIdle(at - from)) {
      inside = null;
      at += 1;
      after();
      return;
    }
    keep(text.slice(from, at));
    if (isWhole) {
      at += 1;
      endText();
    } else if (at < length && mark === LINE_FEED) {
      stop();
    }
  };
  const takeBare = (): void => {
    const from = at;
    while (at < text.length && BARE.has(text.charCodeAt(at))) {
      at += 1;
    }
    keep(text.slice(from, at));
    if (at < text.length) {
      endBare();
    }
  };
  const takeMark = (mark: number): void => {
    const top = stack[stack.length - 1];
    at += 1;
    if (mark === BRACE || mark === BRACKET) {
      if (wanted !== 'value' || stack.length === DEPTH_LIMIT) {
        stop();
        return;
      }
      stack.push(mark);
      wanted = mark === BRACE ? 'key' : 'value';
      events.open(mark === BRACE);
    } else if (mark === COLON && wanted === 'colon') {
      wanted = 'value';
    } else if (mark !== COLON && top === mark - 2 && wanted === (top === BRACE ? 'key' : 'value')) {
      // A closing bracket comes two places behind its opening one.
      stack.pop();
      events.close();
      after();
    } else {
      stop();
    }
  };
  const takeNext = (): void => {
    while (at < text.length && BLANKS.has(text.charCodeAt(at))) {
      at += 1;
    }
    if (at === text.length) {
      return;
    }
    const mark = text.charCodeAt(at);
    token = '';
    tokenLength = 0;
    if (mark === QUOTE) {
      inside = 'text';
      at += 1;
    } else if (mark === LINE_FEED) {
      if (byLine && stack.length > 0) {
        stop();
        skipping = false;
      }
      at += 1;
    } else if (BARE.has(mark)) {
      inside = 'bare';
    } else {
      takeMark(mark);
    }
  };
  const skip = (): void => {
    const feed = byLine ? text.indexOf('\n', at) : -1;
    at = feed < 0 ? text.length : feed + 1;
    skipping = feed < 0;
  };

  return {
    push(chunk: Uint8Array): void {
      text = text.slice(at) + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
      at = 0;
      while (at < text.length) {
        if (skipping) {
          skip();
        } else if (inside === 'text') {
          takeText();
          if (inside !== null && text[at] === '\\' && at + 1 === text.length) {
            // The backslash waits for what it escapes.
            return;
          }
        } else if (inside === 'bare') {
          takeBare();
        } else {
          takeNext();
        }
      }
    },
    end(): void {
      if (!skipping && inside === 'bare') {
        endBare();
      }
      if (!skipping && (inside === 'text' || stack.length > 0)) {
        events.stop('cut');
      }
    },
  };
}
