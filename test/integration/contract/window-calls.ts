import { createRouter } from '#main/ipc/router.ts';
import type { Engine } from '#main/services/engine-port.ts';
import { calls, pushes, type CallInput, type CallName, type CallOutput } from '#shared/contract/index.ts';

/** The calls of one window, made through the router, and what went wrong while they were made. */
export type WindowCalls = {
  /** Makes a call; its answer fits the schema, or this throws. */
  readonly call: <N extends CallName>(name: N, input: CallInput<N>) => Promise<CallOutput<N>>;
  /** The code a call is refused with, `ok` when it is not. */
  readonly refused: (name: CallName, input: unknown) => Promise<string>;
  /** The calls made so far. */
  readonly made: Set<CallName>;
  /** Pushes that did not fit their schema. */
  readonly misfits: readonly string[];
  /** Errors nobody expected, as the router tells them. */
  readonly defects: readonly unknown[];
};

/** Listens to an engine as a window does, until the engine is disposed of. */
export function windowCalls(engine: Engine): WindowCalls {
  const made = new Set<CallName>();
  const misfits: string[] = [];
  const defects: unknown[] = [];
  engine.onPush((name, payload) => {
    const fits = pushes[name].payload.safeParse(payload);
    if (!fits.success) {
      misfits.push(`push ${name}: ${fits.error.message}`);
    }
  });
  const router = createRouter<null>({
    handlers: engine.handlers,
    trusts: () => true,
    registerPaths: (paths) => engine.registerPaths(paths),
    onDefect: (where, error) => defects.push([where, error]),
  });
  return {
    call: async <N extends CallName>(name: N, input: CallInput<N>) => {
      made.add(name);
      const reply = await router.call(null, name, input);
      if (!reply.ok) {
        throw new Error(`${name}: ${reply.error.code} ${reply.error.message}`);
      }
      const fits = calls[name].output.safeParse(reply.value);
      if (!fits.success) {
        throw new Error(`${name} answered what the contract does not know: ${fits.error.message}`);
      }
      return reply.value as CallOutput<N>;
    },
    refused: async (name, input) => {
      const reply = await router.call(null, name, input);
      return reply.ok ? 'ok' : reply.error.code;
    },
    made,
    misfits,
    defects,
  };
}
