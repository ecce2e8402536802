import { ClaimList } from './keys/claims.ts';
import type { Field, ObjectView } from './dialect.ts';
import { scopeBelow } from './keys/envelope.ts';
import { type KeyRule, NO_KEY } from './keys/key-rules.ts';

interface Named {
  readonly stem: string;
  readonly rank: number;
  readonly text: string;
}

/** Names kept for one object: one per file it speaks of is plenty. */
const MOST_NAMES = 32;
/** Fields kept for one object; the first one of a name is kept in any case. */
const MOST_FIELDS = 64;
const MOST_KEYS = 6;
/** Names of these are names of the file itself where nothing names it better. */
const OWN_STEMS = new Set(['', 'process', 'image', 'target', 'sample', 'module', 'object']);

/** True where a field of this name is kept beside these. A format knows few names; of lists under one the first are kept. */
export function mayAddField(fields: readonly Field[], name: string): boolean {
  return fields.length < MOST_FIELDS || !fields.some((field) => field.name === name);
}

/** One open object or array. Used again for the next one at the same depth. */
export class Frame implements ObjectView {
  isObject = false;
  /** The key it lies under; NO_KEY for roots and elements. */
  rule: KeyRule = NO_KEY;
  /** The key read last. */
  key: KeyRule = NO_KEY;
  /** What digests in here are counted under, when they are none of a file. */
  scope: string | null = null;
  /** Keys down to here. */
  path = '';
  /** The same without the key of an array, which is told beside it. */
  place = '';
  line = 0;
  /** True when it has to be accounted for even if no digest is in it. */
  isRow = false;
  /** The row it lies in, or is; null when rows are found otherwise. */
  row: Frame | null = null;
  /** Of a row: digests of texts and lists, which are no news when a file of the row has them. */
  readonly deferred = new ClaimList();
  /** Of a row: what was reported as its files, and of how many objects. */
  readonly files = new ClaimList();
  fileObjects = 0;
  /** Records reported when it was opened. */
  recordsBefore = 0;
  /** Values of an array so far. */
  values = 0;
  size = '';
  /** The text under `type`. */
  type = '';
  /** Lies in a document of our own, beside its rows. */
  isInHead = false;
  /** A key in here is one of a log line (see isHashOfLog). */
  isOfLog = false;
  /** Keys in here are those of a service's answer (see opensEnvelope). */
  isEnvelope = false;
  /** The algorithm something in here names. */
  algorithm = '';
  readonly claims = new ClaimList();
  names: Named[] = [];
  fields: Field[] = [];
  keys: string[] = [];
  #pathOf: { readonly parent: string; readonly name: string; readonly path: string } | null = null;

  open(isObject: boolean, rule: KeyRule, parent: Frame | null, line: number, isInHead: boolean): void {
    this.isObject = isObject;
    this.rule = rule;
    this.key = NO_KEY;
    this.line = line;
    this.isInHead = isInHead;
    const isInEnvelope = parent !== null && parent.isEnvelope && parent.rule === NO_KEY;
    this.scope = scopeBelow(rule, isInEnvelope) ?? (parent?.isInHead === isInHead ? parent.scope : null);
    this.path = this.#pathBelow(parent?.path ?? '', rule.name);
    this.place = isObject ? this.path : (parent?.path ?? '');
    this.row = this.isRow ? this : (parent?.row ?? null);
    this.deferred.count = 0;
    this.files.count = 0;
    this.fileObjects = 0;
    this.values = 0;
    this.size = '';
    this.type = '';
    this.algorithm = '';
    this.isOfLog = false;
    this.isEnvelope = false;
    this.claims.count = 0;
    this.names = this.names.length === 0 ? this.names : [];
    this.fields = this.fields.length === 0 ? this.fields : [];
    this.keys = this.keys.length === 0 ? this.keys : [];
  }

  addName(stem: string, rank: number, text: string): void {
    if (this.names.length < MOST_NAMES) {
      this.names.push({ stem, rank, text });
    }
  }

  addField(field: Field): void {
    if (mayAddField(this.fields, field.name)) {
      this.fields.push(field);
    }
  }

  addKey(name: string): void {
    if (this.keys.length < MOST_KEYS) {
      this.keys.push(name);
    }
  }

  /** The best name of the file a stem stands for; of equal ones the first. */
  nameOf(stem: string): string {
    let best = bestOf(this.names, (name) => name.stem === stem);
    if (best === '' && OWN_STEMS.has(stem)) {
      best = bestOf(this.names, (name) => OWN_STEMS.has(name.stem));
    }
    return best;
  }

  /** Keys of the object, for people. */
  outline(): string {
    return this.isObject ? `{${this.keys.join(', ')}${this.keys.length < MOST_KEYS ? '' : ', …'}}` : '[…]';
  }

  #pathBelow(parent: string, name: string): string {
    if (name === '' || parent === '') {
      return name === '' ? parent : name;
    }
    const known = this.#pathOf;
    if (known !== null && known.parent === parent && known.name === name) {
      return known.path;
    }
    const path = `${parent}.${name}`;
    this.#pathOf = { parent, name, path };
    return path;
  }
}

function bestOf(names: readonly Named[], fits: (name: Named) => boolean): string {
  let best: Named | null = null;
  for (const name of names) {
    if (fits(name) && (best === null || name.rank > best.rank)) {
      best = name;
    }
  }
  return best?.text ?? '';
}
