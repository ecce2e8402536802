import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PushName, PushPayload } from '#shared/contract/index.ts';
import type { Job } from '#shared/contract/app.ts';
import { createEngine } from '#main/engine.ts';
import type { Engine, EngineOptions } from '#main/services/engine-port.ts';

export interface EngineUnderTest {
  readonly engine: Engine;
  readonly folder: string;
  readonly pushes: readonly { readonly name: PushName; readonly payload: unknown }[];
  /** Resolves with the job's last push. */
  ended(jobId: string): Promise<Job>;
  /** Resolves when a push that fits arrives, or one already did. */
  pushed<N extends PushName>(name: N, fits: (payload: PushPayload<N>) => boolean): Promise<PushPayload<N>>;
  /** A path in the test's own folder. */
  path(name: string): string;
  dispose(): Promise<void>;
}

/** A real engine on a folder of its own. */
export async function startEngine(options: Partial<EngineOptions> = {}): Promise<EngineUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-engine-'));
  const engine = await createEngine({
    directory: join(folder, 'data'),
    threads: 'inline',
    shell: 'chromium',
    saveTarget: { choose: (name) => Promise.resolve(join(folder, name)) },
    ...options,
  });
  const pushes: { name: PushName; payload: unknown }[] = [];
  const waiting = new Set<() => void>();
  engine.onPush((name, payload) => {
    pushes.push({ name, payload });
    for (const look of waiting) {
      look();
    }
  });
  const pushed: EngineUnderTest['pushed'] = (name, fits) =>
    new Promise((resolve) => {
      const look = (): void => {
        for (const push of pushes) {
          if (push.name === name && fits(push.payload as never)) {
            waiting.delete(look);
            resolve(push.payload as never);
            return;
          }
        }
      };
      waiting.add(look);
      look();
    });
  return {
    engine,
    folder,
    pushes,
    pushed,
    ended: (jobId) => pushed('job', (job) => job.jobId === jobId && job.state !== 'running'),
    path: (name) => join(folder, name),
    async dispose() {
      await engine.dispose();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
