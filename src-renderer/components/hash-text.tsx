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

/** A file name that gives way before its ending. */
export function NameText({ name }: { readonly name: string }): ReactNode {
  return (
    <span className="ends" title={name}>
      <b>{name.slice(0, -7)}</b>
      <i>{name.slice(-7)}</i>
    </span>
  );
}
