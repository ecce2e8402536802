import type { KeyRule } from './key-rules.ts';

/** True for keys that stand in front of the rows in answers of services such as CrowdStrike Falcon's: `meta`, `errors`. */
export function opensEnvelope({ name }: KeyRule): boolean {
  return name === 'meta' || name === 'errors';
}

/** What lies below a key by its scope: the `resources` of such an answer are its rows, those of a program are parts of it. */
export function scopeBelow(rule: KeyRule, isInEnvelope: boolean): string | null {
  return isInEnvelope && rule.name === 'resources' ? null : rule.scope;
}
