// Entries that run in Node, with their fixed names under .build/main. Worker threads find their siblings by name.
import { existsSync } from 'node:fs';
import { builtinModules } from 'node:module';

export const nodeEntries = {
  assay: 'src-main/shells/terminal/main.ts',
  'chromium-shell': 'src-main/shells/chromium/main.ts',
  'accelerator-worker': 'src-main/services/triage/accelerator/worker.ts',
  'db-worker': 'src-main/db/worker.ts',
  'intake-worker': 'src-main/services/intake/worker.ts',
  'join-worker': 'src-main/services/triage/bulk/shared-join/worker.ts',
  'keychain-worker': 'src-main/platform/secrets/keychain-worker.ts',
  'known-sets-worker': 'src-main/services/known-sets/worker.ts',
  'pdf-worker': 'src-main/formats/containers/pdf/worker.ts',
  'samples-worker': 'src-main/services/intake/reading/samples/worker.ts',
  'seven-zip-worker': 'src-main/formats/containers/seven-zip/worker.ts',
  simulators: 'src-main/simulators/main.ts',
};

export const external = [
  // Lies beside its .wasm file, which it finds by its own place.
  '7z-wasm',
  'electron',
  'better-sqlite3',
  'playwright-core',
  '@napi-rs/keyring',
  ...builtinModules,
  ...builtinModules.map((name) => `node:${name}`),
];

/** @param {string} root */
export function existingEntries(root) {
  return Object.fromEntries(
    Object.entries(nodeEntries)
      .filter(([, path]) => existsSync(root + path))
      .map(([name, path]) => [name, root + path]),
  );
}

/**
 * @param {string} root
 * @param {string} outDir
 */
export function terminalBuild(root, outDir) {
  return {
    root,
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: false,
      target: 'node22',
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        input: existingEntries(root),
        external,
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js', format: 'es' },
      },
    },
  };
}
