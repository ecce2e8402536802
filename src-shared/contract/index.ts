import type { z } from 'zod';
import { annotationsCalls } from './annotations.ts';
import { appCalls, pushes } from './app.ts';
import { hashListCalls } from './hash-list.ts';
import { historyCalls } from './history.ts';
import { intakeCalls } from './intake.ts';
import { knownSetsCalls } from './known-sets.ts';
import { lifeCalls } from './life.ts';
import { lookupCalls } from './lookup.ts';
import { outboundCalls } from './outbound.ts';
import { reportCalls } from './report.ts';
import { reviewCalls } from './review.ts';
import { scanCalls } from './scan.ts';
import { sourcesCalls } from './sources.ts';
import { syncCalls } from './sync.ts';
import { usageCalls } from './usage.ts';

/** Every call a window can make. The preload, the client, the router and the test double are derived from it. */
export const calls = {
  ...appCalls,
  ...intakeCalls,
  ...annotationsCalls,
  ...hashListCalls,
  ...knownSetsCalls,
  ...sourcesCalls,
  ...outboundCalls,
  ...scanCalls,
  ...lookupCalls,
  ...historyCalls,
  ...reportCalls,
  ...reviewCalls,
  ...lifeCalls,
  ...syncCalls,
  ...usageCalls,
} as const;
export { pushes };

export type CallName = keyof typeof calls;
export type CallInput<N extends CallName> = z.input<(typeof calls)[N]['input']>;
/** The input as a handler sees it: parsed, defaults filled in. */
export type CallParsed<N extends CallName> = z.output<(typeof calls)[N]['input']>;
export type CallOutput<N extends CallName> = z.output<(typeof calls)[N]['output']>;
export type PushName = keyof typeof pushes;
export type PushPayload<N extends PushName> = z.output<(typeof pushes)[N]['payload']>;

/** What main implements: one function per call. */
export type Handlers = {
  readonly [N in CallName]: (input: CallParsed<N>) => Promise<CallOutput<N>> | CallOutput<N>;
};

/** The envelope every reply travels in. */
export type Reply<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ReplyError };
export interface ReplyError {
  readonly code: string;
  /** A sentence for people. No stack, no path of the program, no secret. */
  readonly message: string;
  readonly retryable: boolean;
}

/**
 * What the preload (or the chromium shell's binding) puts on `window.assay`: plain functions and data only.
 * `registerFiles` is the only way for dropped or chosen files to reach main: names go back, paths never do.
 */
export interface AssayBridge {
  call(name: CallName, input: unknown): Promise<Reply<unknown>>;
  on(name: PushName, listener: (payload: unknown) => void): () => void;
  registerFiles(
    files: readonly unknown[],
  ): Promise<Reply<{ readonly handle: string; readonly names: readonly string[] }>>;
}
