import { type Field, type ObjectView, fieldOf } from '../../json/dialect.ts';
import { scopeBelow } from '../../json/keys/envelope.ts';
import { type KeyRule, NO_KEY } from '../../json/keys/key-rules.ts';
import type { CountedClaim } from './claims.ts';

/** One open object or array of the counter. Used again for the next one at the same depth. */
export class CountedLevel implements ObjectView {
  isObject = false;
  rule: KeyRule = NO_KEY;
  hasScope = false;
  /** Lies in a document of our own, beside its rows. */
  isInHead = false;
  isRow = false;
  /** Records counted when it was opened. */
  before = 0;
  fields: Field[] = [];
  key: KeyRule = NO_KEY;
  values = 0;
  type = '';
  algorithm = '';
  isOfLog = false;
  isEnvelope = false;
  claims: CountedClaim[] = [];
  /** The row it lies in, or is. */
  row: CountedLevel | null = null;
  /** Of a row: digests of its files, of how many objects, and digests that wait for its end. */
  known: string[] = [];
  knownObjects = 0;
  waiting: string[] = [];

  open(isObject: boolean, rule: KeyRule, parent: CountedLevel | null, isInHead: boolean, isRow: boolean): void {
    this.isObject = isObject;
    this.rule = rule;
    this.isInHead = isInHead;
    const isInEnvelope = parent !== null && parent.isEnvelope && parent.rule === NO_KEY;
    this.hasScope =
      scopeBelow(rule, isInEnvelope) !== null || (parent !== null && parent.hasScope && parent.isInHead === isInHead);
    this.isRow = isRow;
    this.fields = emptied(this.fields);
    this.key = NO_KEY;
    this.values = 0;
    this.type = '';
    this.algorithm = '';
    this.isOfLog = false;
    this.isEnvelope = false;
    this.claims = emptied(this.claims);
    this.row = isRow ? this : parent === null ? null : parent.row;
    this.known = emptied(this.known);
    this.knownObjects = 0;
    this.waiting = emptied(this.waiting);
  }

  /** Keeps the first field of a name. */
  addField(name: string, text: string): void {
    if (fieldOf(this, name) === null) {
      this.fields.push({ name, text, line: 0, column: 0 });
    }
  }

  /** Takes all claims out. */
  takeClaims(): CountedClaim[] {
    const { claims } = this;
    this.claims = [];
    return claims;
  }
}

/** An empty array: mostly the one that is there. One with elements may have been handed on. */
function emptied<T>(list: T[]): T[] {
  return list.length === 0 ? list : [];
}
