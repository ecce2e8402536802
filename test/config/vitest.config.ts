import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('../..', import.meta.url));

const ONE_SEED = 'test/config/one-seed.ts';

/** Suites of one runtime each. Names are what `npm test` prints and `--project` takes. */
const suite = (name: string, folders: readonly string[], options: Record<string, unknown> = {}) => ({
  root,
  test: {
    name,
    include: folders.map((folder) => `test/${folder}/**/*.test.{ts,tsx}`),
    setupFiles: ONE_SEED,
    // What hangs is ended; a machine that is ten times slower is not.
    testTimeout: 300_000,
    hookTimeout: 180_000,
    // One more than the cores of a small machine: a good part of the time tests wait for processes and the disk.
    maxWorkers: 3,
    // Patience for a machine that does other things as well; nothing waits longer than it must.
    expect: { poll: { timeout: 60_000, interval: 15 } },
    ...options,
  },
});

/** Files of these suites leave nothing behind in the process, so they share it: the program is not loaded anew for each. */
const SHARED = { isolate: false };

export default defineConfig({
  root,
  test: {
    projects: [
      suite('unit', ['unit', 'contract', 'architecture', 'security'], SHARED),
      suite('db', ['db'], SHARED),
      suite('providers', ['providers', 'destinations'], SHARED),
      suite('integration', ['integration'], { ...SHARED, testTimeout: 600_000, hookTimeout: 300_000 }),
      {
        ...suite('renderer', ['renderer'], {
          ...SHARED,
          environment: 'happy-dom',
          setupFiles: [ONE_SEED, 'test/renderer/tidy.ts'],
        }),
        plugins: [react()],
      },
      suite('e2e', ['e2e'], {
        ...SHARED,
        testTimeout: 120_000,
        hookTimeout: 120_000,
        globalSetup: 'test/e2e/browser-first.ts',
        // Each has an engine and a browser at work besides; after all others, as some measure what a person waits for.
        maxWorkers: 2,
        sequence: { groupOrder: 1 },
      }),
      // Needs Electron's runtime; skipped by name where it is absent. Run by `npm run test:electron`.
      suite('electron', [], {
        include: ['test/e2e/electron/**/*.electron.ts'],
        testTimeout: 60_000,
        hookTimeout: 60_000,
        fileParallelism: false,
      }),
    ],
  },
});
