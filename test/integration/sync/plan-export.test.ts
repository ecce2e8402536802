import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { folderSaveTarget } from '#main/platform/save-target.ts';
import { temporaryDirectory } from '../../db/temporary-directory.ts';
import { syncWorld } from './world.ts';
import { SOON } from '#test/patience.ts';

describe('the plan of a run as a file', () => {
  it('holds every row once, over pages, in order; or those of the filter', async () => {
    const folder = temporaryDirectory();
    const world = await syncWorld({ engine: { saveTarget: folderSaveTarget(() => Promise.resolve(folder)) } });
    for (let n = 0; n < 1_203; n += 1) {
      const summary = `45.9.${n >> 8}.${n & 255}`;
      world.threatConnect.control.put({ type: 'Address', summary, owner: 'Example Corp', tags: ['=1+1'] });
    }
    world.threatConnect.control.put({ type: 'Address', summary: '10.1.1.1', owner: 'Example Corp', tags: [] });
    const job = await world.job({}, 'Feed: "one"/two');
    const { id: runId } = await world.run(job.id, 'dry-run');
    const { handlers } = world.engine;
    const write = async (request: { format: 'csv' | 'jsonl'; actions?: 'held'[] }): Promise<string[]> => {
      const { jobId, path } = await handlers['sync.exportPlan']({ runId, ...request });
      const written = await vi.waitUntil(
        async () =>
          (await handlers['jobs.list']({})).jobs.find((one) => one.jobId === jobId && one.state !== 'running'),
        SOON,
      );
      expect(written).toMatchObject({ kind: 'export', state: 'done', path });
      return readFileSync(path ?? '', 'utf8')
        .trimEnd()
        .split('\n');
    };
    const rows = (await write({ format: 'jsonl' })).map((line) => JSON.parse(line));
    expect([rows.length, new Set(rows.map(({ id }) => id)).size]).toEqual([1_204, 1_204]);
    expect(rows[0]).toMatchObject({ action: 'held', summary: '10.1.1.1', reason: 'own', simulated: true });
    const csv = await write({ format: 'csv', actions: ['held'] });
    expect([csv.length, csv[0]?.startsWith('action,id,')]).toEqual([2, true]);
    expect(readdirSync(folder).toSorted()).toEqual([
      `Feed_ _one_two_ dry run ${runId}.csv`,
      `Feed_ _one_two_ dry run ${runId}.jsonl`,
    ]);
  });
});
