import type { Reading } from '#shared/contract/intake.ts';
import type { WireError as DatabaseWireError } from '../../../db/errors.ts';
import type { ReportTask } from '../../report/rows/report-content.ts';
import type { PreviewTask } from '../reading/preview/preview-source.ts';
import type { HostCall, ReadProgress } from './runner.ts';

/** An error as it crosses the thread; `system` is the system's own code, such as ENOSPC. */
export type WireError = DatabaseWireError & { readonly system?: string };

export interface ThreadStart {
  readonly directory: string;
  readonly databaseFile: string;
}

/** An input as it crosses a thread: streams were written to a file first. */
export type WireInput =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'text'; readonly name: string; readonly text: string }
  | { readonly kind: 'spooled'; readonly name: string; readonly path: string };

export type ThreadCall =
  | { readonly name: 'host'; readonly method: HostCall; readonly args: readonly unknown[] }
  | {
      readonly name: 'read';
      readonly intakeId: number;
      readonly inputs: readonly WireInput[];
      readonly reading: Reading;
      readonly passwords: readonly string[];
      /** Memory of the switch that pauses; null where nobody can. */
      readonly pause: SharedArrayBuffer | null;
    }
  | { readonly name: 'judge'; readonly intakeId: number }
  | { readonly name: 'report'; readonly task: ReportTask; readonly path: string }
  | { readonly name: 'report-preview'; readonly task: ReportTask }
  | { readonly name: 'preview'; readonly task: PreviewTask };

export type ToThread =
  | { readonly type: 'call'; readonly id: number; readonly call: ThreadCall }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'close' };

/** What a call tells while it runs. */
export type CallProgress = ReadProgress | { readonly done: number; readonly total: number };

export type FromThread =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly error: WireError }
  | { readonly type: 'progress'; readonly id: number; readonly value: CallProgress }
  | { readonly type: 'done'; readonly id: number; readonly value: unknown }
  | { readonly type: 'error'; readonly id: number; readonly error: WireError };
