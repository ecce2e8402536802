import type {
  AssayBridge,
  CallInput,
  CallName,
  CallOutput,
  PushName,
  PushPayload,
  Reply,
} from '#shared/contract/index.ts';

declare global {
  interface Window {
    readonly assay: AssayBridge;
  }
}

/** An expected error as the window sees it: a code and a sentence for people. */
export class CallError extends Error {
  readonly code: string;
  readonly retryable: boolean;
  constructor(code: string, message: string, retryable: boolean) {
    super(message);
    this.name = 'CallError';
    this.code = code;
    this.retryable = retryable;
  }
}

/** Makes one call of the contract. Rejects with a CallError whose message can be shown as it is. */
export async function call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
  const reply = (await window.assay.call(name, input)) as Reply<CallOutput<N>>;
  return opened(reply);
}

/** Hears one kind of push until the returned function is called. */
export function onPush<N extends PushName>(name: N, listener: (payload: PushPayload<N>) => void): () => void {
  return window.assay.on(name, (payload) => listener(payload as PushPayload<N>));
}

/** Hands dropped or chosen files to main. Names come back; paths never reach the window. */
export async function registerFiles(
  files: readonly unknown[],
): Promise<{ readonly handle: string; readonly names: readonly string[] }> {
  return opened(await window.assay.registerFiles(files));
}

function opened<T>(reply: Reply<T>): T {
  if (reply.ok) {
    return reply.value;
  }
  throw new CallError(reply.error.code, reply.error.message, reply.error.retryable);
}

/** The sentence to show for anything that was thrown. */
export function sentenceOf(error: unknown): string {
  return error instanceof CallError ? error.message : 'Unexpected fault in the window. Open the view again.';
}
