import { expect, it } from 'vitest';
import { createBridge, type BridgeTransport } from '#main/preload/bridge.ts';

function setup(): { readonly bridge: ReturnType<typeof createBridge>; readonly push: (pushes: unknown) => void } {
  let push: (pushes: unknown) => void = () => undefined;
  const transport: BridgeTransport = {
    call: (name, input) => Promise.resolve({ ok: true, value: [name, input] }),
    registerFiles: (files) => Promise.resolve({ ok: true, value: files.length }),
    onPushes: (listener) => {
      push = listener;
    },
  };
  return { bridge: createBridge(transport), push: (pushes) => push(pushes) };
}

it('exposes three plain functions and nothing else', () => {
  const { bridge } = setup();
  expect(Object.entries(bridge).map(([name, value]) => [name, typeof value])).toEqual([
    ['call', 'function'],
    ['on', 'function'],
    ['registerFiles', 'function'],
  ]);
});

it('hands pushes to the listeners of their name until they leave', () => {
  const { bridge, push } = setup();
  const heard: unknown[] = [];
  const leave = bridge.on('changed', (payload) => heard.push(payload));
  push([
    { name: 'changed', payload: 1 },
    { name: 'job', payload: 2 },
  ]);
  leave();
  push([{ name: 'changed', payload: 3 }]);
  expect(heard).toEqual([1]);
});

it('keeps files of a second start until the page listens', () => {
  const { bridge, push } = setup();
  const heard: unknown[] = [];
  push([{ name: 'openFiles', payload: { handle: 'h' } }]);
  bridge.on('openFiles', (payload) => heard.push(payload));
  bridge.on('openFiles', (payload) => heard.push(payload));
  expect(heard).toEqual([{ handle: 'h' }]);
});
