import type { WireError } from '../errors.ts';
import type { Lane } from '../port.ts';
import type { SalvageReport } from '../salvage/salvage-report.ts';

export interface ThreadOptions {
  readonly role: 'writer' | 'reader';
  readonly file: string;
}

export type ToThread =
  | {
      readonly type: 'call';
      readonly id: number;
      readonly kind: 'read' | 'write';
      readonly name: string;
      readonly args: unknown;
      readonly lane: Lane;
    }
  | { readonly type: 'cancel'; readonly id: number }
  /** Writer: report own commits from now on, or no longer. */
  | { readonly type: 'watch'; readonly on: boolean }
  /** Reader: look whether anybody wrote, and report what came after `since`. */
  | { readonly type: 'poll'; readonly since: number }
  | { readonly type: 'close' };

export type FromThread =
  | { readonly type: 'ready'; readonly salvaged: SalvageReport | null; readonly seq: number }
  | { readonly type: 'failed'; readonly error: WireError }
  | { readonly type: 'done'; readonly id: number; readonly value: unknown }
  | { readonly type: 'error'; readonly id: number; readonly error: WireError }
  | { readonly type: 'changed'; readonly seq: number; readonly kinds: readonly number[] };
