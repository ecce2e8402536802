import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { existingEntries, external } from './.scripts/targets.mjs';

const root = fileURLToPath(new URL('.', import.meta.url));

/**
 * One build for both windows: main with its worker threads, the preload as one CommonJS file (a sandboxed preload
 * cannot load modules), and the page, which carries nothing inline because its policy forbids that.
 */
export default defineConfig({
  main: {
    root,
    ssr: { noExternal: true },
    build: {
      externalizeDeps: false,
      outDir: `${root}.build/main`,
      emptyOutDir: true,
      target: 'node22',
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        input: { index: `${root}src-main/index.ts`, ...existingEntries(root) },
        external,
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js', format: 'es' },
      },
    },
  },
  preload: {
    root,
    build: {
      externalizeDeps: false,
      outDir: `${root}.build/preload`,
      emptyOutDir: true,
      minify: false,
      rolldownOptions: {
        input: { index: `${root}src-main/preload/index.ts` },
        external: ['electron'],
        output: { entryFileNames: '[name].cjs', format: 'cjs', codeSplitting: false },
      },
    },
  },
  renderer: {
    root: `${root}src-renderer`,
    plugins: [react()],
    server: { host: '127.0.0.1' },
    build: {
      outDir: `${root}.build/renderer`,
      emptyOutDir: true,
      // The page's policy knows no inlined files; what is built goes to Chromium alone.
      assetsInlineLimit: 0,
      minify: true,
      // Read from the disk, not over a network.
      chunkSizeWarningLimit: 1_000,
      modulePreload: { polyfill: false },
      sourcemap: false,
      rolldownOptions: { input: { index: `${root}src-renderer/index.html` } },
    },
  },
});
