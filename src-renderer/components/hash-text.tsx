import type { ReactNode } from 'react';

const TAIL = 8;

/** A hash that gives way in the middle when there is no room; the whole on hover. */
export function HashText({ hash }: { readonly hash: string }): ReactNode {
  return (
    <span className="hash" title={hash}>
      <b>{hash.slice(0, -TAIL)}</b>
      <i>{hash.slice(-TAIL)}</i>
    </span>
  );
}

const NAME_TAIL = 7;
const LONGEST_TAIL = 24;

/**
 * A text that gives way before its ending: of a path the folders go first, the name of the file stays. `whole` is what it is
 * the end of.
 */
export function NameText({ name, whole = name }: { readonly name: string; readonly whole?: string }): ReactNode {
  const file = name.length - 1 - Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\'));
  const tail = file > 0 && file < name.length && file <= LONGEST_TAIL ? file : NAME_TAIL;
  return (
    <span className="ends" title={whole}>
      <b>{name.slice(0, -tail)}</b>
      <i>{name.slice(-tail)}</i>
    </span>
  );
}
