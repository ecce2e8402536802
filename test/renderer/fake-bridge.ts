import {
  calls,
  pushes,
  type AssayBridge,
  type CallName,
  type CallOutput,
  type CallParsed,
  type PushName,
  type PushPayload,
} from '#shared/contract/index.ts';

/** An answer, or a fault for people as the router would send it. */
export type Answers = {
  [N in CallName]?: (input: CallParsed<N>) => CallOutput<N> | Fault | Promise<CallOutput<N> | Fault>;
};

export class Fault {
  readonly message: string;
  readonly code: string;
  constructor(message: string, code = 'INPUT') {
    this.message = message;
    this.code = code;
  }
}

export interface AskedCall {
  readonly name: CallName;
  readonly input: unknown;
}

/**
 * The bridge as a page sees it, derived from the contract: what the window asks and what a test answers both go
 * through the schemas, so that neither can drift away from them unseen.
 */
export class FakeBridge implements AssayBridge {
  readonly asked: AskedCall[] = [];
  readonly files: (readonly unknown[])[] = [];
  /** A file of this name has no path, like an attachment dragged out of a mail. */
  notOnDisk = '';
  readonly answers: { -readonly [N in CallName]: Answers[N] | undefined };
  readonly #listeners = new Map<PushName, Set<(payload: unknown) => void>>();

  constructor(answers: Answers) {
    this.answers = answers as FakeBridge['answers'];
  }

  async call(name: CallName, input: unknown): ReturnType<AssayBridge['call']> {
    const parsed = calls[name].input.parse(input);
    this.asked.push({ name, input: parsed });
    const answer = this.answers[name] as ((input: unknown) => unknown) | undefined;
    if (answer === undefined) {
      throw new Error(`No answer was prepared for ${name}`);
    }
    const value = await answer(parsed);
    if (value instanceof Fault) {
      return { ok: false, error: { code: value.code, message: value.message, retryable: false } };
    }
    return { ok: true, value: calls[name].output.parse(value) };
  }

  on(name: PushName, listener: (payload: unknown) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  async registerFiles(files: readonly unknown[]): ReturnType<AssayBridge['registerFiles']> {
    this.files.push(files);
    return {
      ok: true,
      value: {
        handle: `files-${this.files.length}`,
        names: files.map((file) => (file as File).name).filter((name) => name !== this.notOnDisk),
      },
    };
  }

  push<N extends PushName>(name: N, payload: PushPayload<N>): void {
    const parsed = pushes[name].payload.parse(payload);
    for (const listener of this.#listeners.get(name) ?? []) {
      listener(parsed);
    }
  }

  /** Inputs of every call of one name, oldest first. */
  inputsOf<N extends CallName>(name: N): readonly CallParsed<N>[] {
    return this.asked.filter((one) => one.name === name).map((one) => one.input as CallParsed<N>);
  }

  namesAsked(): readonly CallName[] {
    return [...new Set(this.asked.map((one) => one.name))].sort();
  }
}
