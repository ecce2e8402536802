import { type Way, addAll, allOf } from '../parts/ways.ts';
import type { XmlEvents } from '../xml/walk.ts';

/** One condition of an indicator: `FileItem/Md5sum is …`. */
export interface IocItem {
  readonly id: string;
  readonly document: string;
  readonly search: string;
  readonly contentType: string;
  /** Null when it is over the limit. */
  readonly value: string | null;
  readonly line: number;
  readonly column: number;
}

/** The document an item lies in. */
export interface IocDocument {
  readonly id: string;
  readonly title: string;
}

/** What stands on its own in a document: an item that may be met alone, or items that belong together. */
export interface IocUnit {
  readonly ways: readonly Way<IocItem>[];
  readonly items: readonly IocItem[];
  readonly line: number;
}

interface Level {
  readonly isAnd: boolean;
  readonly line: number;
  /** Ways so far; null before the first part of it. */
  ways: Way<IocItem>[] | null;
  readonly items: IocItem[];
}

/** Items that are held together; beyond them each stands alone. */
const MOST_ITEMS = 4096;
/** Conditions by which an item is met by its value; all others only say what it looks like, or what it is not. */
const MET = /^(is|contains|matches|starts-with|ends-with)$/i;

/**
 * Finds the units of OpenIOC 1.0 and 1.1 documents (schemas of github.com/mandiant/OpenIOC_1.1): OR lists side by side,
 * AND joins. `onStop` gets why reading ended early, once, behind the units that were open.
 */
export function createUnits(
  onUnit: (unit: IocUnit, document: IocDocument) => void,
  onStop: (message: string) => void,
): XmlEvents {
  let document: { id: string; title: string } = { id: '', title: '' };
  let levels: Level[] = [];
  let item: { id: string; isMet: boolean; document: string; search: string; line: number } | null = null;
  let content = { type: '', line: 0, column: 0 };

  const add = (ways: readonly Way<IocItem>[], items: readonly IocItem[], line: number): void => {
    const level = levels.at(-1);
    const isHeld = levels.some(({ isAnd }) => isAnd);
    if (level === undefined || !isHeld) {
      onUnit({ ways, items, line }, document);
      return;
    }
    if (level.items.length + items.length > MOST_ITEMS) {
      levels.forEach((one) => flush(one));
      onUnit({ ways, items, line }, document);
      return;
    }
    level.ways = level.ways === null ? [...ways] : (level.isAnd ? allOf : addAll)(level.ways, ways);
    addAll(level.items, items);
  };
  const flush = (level: Level): void => {
    if (level.ways !== null) {
      onUnit({ ways: level.ways, items: [...level.items], line: level.line }, document);
      level.ways = null;
      level.items.length = 0;
    }
  };
  const closeLevel = (): void => {
    const level = levels.pop();
    if (level !== undefined && level.ways !== null) {
      add(level.ways, level.items, level.line);
    }
  };
  const closeItem = (value: string | null): void => {
    if (item === null) {
      return;
    }
    const { id, isMet, document: of, search, line } = item;
    const found: IocItem = { id, document: of, search, contentType: content.type, value, ...place(line) };
    add([isMet ? [found] : []], [found], line);
    item = null;
  };
  const place = (line: number): { readonly line: number; readonly column: number } =>
    content.line === 0 ? { line, column: 0 } : { line: content.line, column: content.column };
  let value: string | null = '';

  return {
    open(name, attributes, line, column) {
      if (name === 'ioc' || name === 'OpenIOC') {
        document = { id: attributes['id'] ?? '', title: '' };
      } else if (name === 'Indicator') {
        const isAnd = (attributes['operator'] ?? '').toUpperCase() === 'AND';
        levels.push({ isAnd, line, ways: null, items: [] });
      } else if (name === 'IndicatorItem') {
        const isNegated = attributes['negate'] === 'true' || !MET.test(attributes['condition'] ?? 'is');
        item = { id: attributes['id'] ?? '', isMet: !isNegated, document: '', search: '', line };
        content = { type: '', line: 0, column: 0 };
        value = '';
      } else if (name === 'Context' && item !== null) {
        item.document = attributes['document'] ?? '';
        item.search = attributes['search'] ?? '';
      } else if (name === 'Content' && item !== null) {
        content = { type: attributes['type'] ?? '', line, column };
      }
    },
    close(name, text) {
      if (name === 'short_description' && document.title === '') {
        document = { ...document, title: (text ?? '').trim() };
      } else if (name === 'Content') {
        value = text;
      } else if (name === 'IndicatorItem') {
        closeItem(value);
      } else if (name === 'Indicator') {
        closeLevel();
      }
    },
    stop(message) {
      item = null;
      while (levels.length > 0) {
        closeLevel();
      }
      levels = [];
      onStop(message);
    },
  };
}
