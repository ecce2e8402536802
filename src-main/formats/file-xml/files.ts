import type { XmlEvents } from '../xml/walk.ts';
import { type FileDialect, dialectOf } from './dialects.ts';

/** A text that should be a digest of the file it lies in. */
export interface XmlHash {
  /** As the document names it; '' when it does not. */
  readonly algorithm: string;
  /** Null when it is over the limit. */
  readonly value: string | null;
  readonly line: number;
  readonly column: number;
}

/** One element that stands for a file. */
export interface XmlFile {
  readonly name: string;
  readonly size: string;
  /** It is a directory: what was hashed is its list of names. */
  readonly isDirectory: boolean;
  readonly hashes: readonly XmlHash[];
  readonly line: number;
}

interface OpenFile {
  name: string;
  size: string;
  isDirectory: boolean;
  readonly hashes: XmlHash[];
  readonly line: number;
  readonly depth: number;
}

interface OpenElement {
  readonly algorithm: string;
  readonly line: number;
  readonly column: number;
  /** What digests in it are counted under when they are none of a file. */
  readonly aside: string | null;
}

/** More digests of one file are none. */
const MOST_HASHES = 64;
const LONGEST_NAME = 4096;
const HASH_LIKE = /(?<![0-9A-Za-z])(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{40}|[0-9a-fA-F]{32})(?![0-9A-Za-z])/g;

/**
 * Finds the files of a document and tells each once: where its element ends, or where reading does. `onAside` gets the name of
 * every digest that is none of a file, `onStop` why reading ended early, behind the files that were open.
 */
export function createXmlFiles(
  onFile: (file: XmlFile) => void,
  onAside: (name: string) => void,
  onStop: (message: string) => void,
): XmlEvents {
  const elements: OpenElement[] = [];
  const files: OpenFile[] = [];
  let dialect: FileDialect | null = null;

  const closeHash = (file: OpenFile, name: string, element: OpenElement, value: string | null): void => {
    if (file.hashes.length === MOST_HASHES) {
      onAside('further hash of a file');
    } else {
      const algorithm = dialect?.algorithm === '' ? name : element.algorithm;
      file.hashes.push({ ...placeOf(element, value), algorithm, value: value?.trim() ?? null });
    }
  };
  const closeOther = (file: OpenFile | undefined, name: string, text: string): void => {
    const isChild = file !== undefined && elements.length === file.depth;
    if (isChild && dialect?.names.has(name) === true) {
      file.name = text.trim().slice(0, LONGEST_NAME);
    } else if (isChild && dialect?.sizes.has(name) === true) {
      file.size = text.trim().slice(0, LONGEST_NAME);
    } else if (isChild && name === 'name_type') {
      file.isDirectory = text.trim() === 'd';
    } else {
      text.match(HASH_LIKE)?.forEach(() => onAside('hash outside a file'));
    }
  };

  return {
    open(name, attributes, line, column) {
      dialect = elements.length === 0 ? dialectOf(name) : dialect;
      const aside = elements.at(-1)?.aside ?? dialect?.aside.get(name) ?? null;
      elements.push({ algorithm: attributes[dialect?.algorithm ?? ''] ?? '', line, column, aside });
      if (dialect?.files.has(name) === true) {
        const named = (attributes['name'] ?? '').slice(0, LONGEST_NAME);
        files.push({ name: named, size: '', isDirectory: false, hashes: [], line, depth: elements.length });
      }
    },
    close(name, text) {
      const element = elements.pop();
      const file = files.at(-1);
      if (element === undefined) {
        return;
      }
      if (file !== undefined && elements.length < file.depth) {
        files.pop();
        onFile(file);
        return;
      }
      if (dialect?.hashes.has(name) !== true) {
        closeOther(file, name, text ?? '');
      } else if (element.aside !== null || file === undefined) {
        onAside(element.aside ?? 'hash outside a file');
      } else {
        closeHash(file, name, element, text);
      }
    },
    stop(message) {
      files.reverse().forEach(onFile);
      files.length = 0;
      onStop(message);
    },
  };
}

/** Where the value begins; behind a line end in front of it only the line of the element is known. */
function placeOf(
  { line, column }: OpenElement,
  value: string | null,
): { readonly line: number; readonly column: number } {
  const blanks = value === null ? '' : value.slice(0, value.length - value.trimStart().length);
  return blanks.includes('\n') ? { line, column: 0 } : { line, column: column + blanks.length };
}
