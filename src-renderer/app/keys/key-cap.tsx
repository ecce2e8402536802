import type { ReactNode } from 'react';
import { keyName } from './keys.ts';
import { useApp } from '../store.ts';

/** A key, named as on this machine. */
export function KeyCap({ keys }: { readonly keys: string }): ReactNode {
  const platform = useApp((state) => state.boot?.platform);
  return <kbd>{keyName(keys, platform)}</kbd>;
}
