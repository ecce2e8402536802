import type { AssayBridge } from '#shared/contract/index.ts';
import { createBridge, type BridgeTransport } from '../../preload/bridge.ts';

/** Names the page and this shell meet under. The binding is the only way from the page into this process. */
export const BINDING = '__assayBinding';
export const PUSH_RECEIVER = '__assayPushes';
export const HELD_FILES = '__assayHeldFiles';

interface Names {
  readonly binding: string;
  readonly receiver: string;
  readonly held: string;
}

/** Runs in the page before its own scripts. Puts the same bridge on `window.assay` that Electron's preload exposes. */
export function pageScript(): string {
  const names: Names = { binding: BINDING, receiver: PUSH_RECEIVER, held: HELD_FILES };
  return `(${installBridge.toString()})(${createBridge.toString()}, ${JSON.stringify(names)});`;
}

/** Self-contained: its source is sent into the page. Only the top frame gets a bridge. */
function installBridge(makeBridge: (transport: BridgeTransport) => AssayBridge, names: Names): void {
  const page = globalThis as unknown as Record<string, unknown>;
  if (page['top'] !== page['self']) {
    return;
  }
  // Texts cross the driver eight times faster than objects, which it would walk field by field on both sides.
  const binding = page[names.binding] as (message: string) => Promise<string>;
  const ask = async (...message: readonly unknown[]): Promise<unknown> =>
    JSON.parse(await binding(JSON.stringify(message)));
  const held = new Map<number, readonly unknown[]>();
  let nextToken = 1;
  let receive: (pushes: unknown) => void = () => undefined;
  const bridge = makeBridge({
    call: (name, input) => ask('call', name, input),
    async registerFiles(files) {
      const token = nextToken;
      nextToken += 1;
      held.set(token, [...files]);
      try {
        return await ask('files', token);
      } finally {
        held.delete(token);
      }
    },
    onPushes(listener) {
      receive = listener;
    },
  });
  const hidden = (value: unknown) => ({ value, enumerable: false, writable: false, configurable: false });
  Object.defineProperty(
    globalThis,
    names.receiver,
    hidden((pushes: unknown) => receive(pushes)),
  );
  Object.defineProperty(
    globalThis,
    names.held,
    hidden((token: number) => held.get(token) ?? []),
  );
  Object.defineProperty(globalThis, 'assay', hidden(Object.freeze(bridge)));
}
