import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** What this uses of WebAssembly, which the types of Node leave to those of browsers. */
interface Wasm {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => ToolInstance;
  readonly RuntimeError: new () => Error;
}
export interface ToolInstance {
  readonly exports: object;
}

/** WebAssembly, as far as it is used here. */
export const wasm = (globalThis as unknown as { readonly WebAssembly: Wasm }).WebAssembly;

let compiled: object | null = null;

/** 7-Zip, compiled once: threads that are given it share its code, also what became faster by use. */
export function toolModule(): object {
  return (compiled ??= new wasm.Module(
    new Uint8Array(readFileSync(createRequire(import.meta.url).resolve('7z-wasm/7zz.wasm'))),
  ));
}
