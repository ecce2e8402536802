import { expect, it } from 'vitest';
import type { SyncJobView } from '#shared/contract/sync.ts';
import { run } from '../stage.ts';
import { jobView, NO_COUNTS, runView } from './double.ts';

/** What `assay run --until-empty` says and ends with when jobs look like this, one look after the other. */
async function saidOf(looks: readonly Partial<SyncJobView>[], ...flags: string[]) {
  const left = looks.map((look) => ({ jobs: [jobView(look)] }));
  const last = left.at(-1);
  let many = 0;
  const engine = {
    outbound: {
      seek: () => async () => undefined,
      state: async () => ({
        owner: { pid: 7, shell: 'terminal', since: 0, isThis: true },
        sentence: 'Nothing waits to be asked.',
        perSecond: 0,
        groups: [],
        inFlight: 0,
      }),
    },
    threatSync: {
      jobs: async () => {
        many += 1;
        return left.shift() ?? last;
      },
    },
  };
  const { code, err } = await run(['run', '--until-empty', ...flags], { engine });
  return { code, many, said: err.split('\n').filter((line) => line.startsWith('High rated')) };
}

const old = runView({ id: 3, kind: 'run' });
const running = runView({ id: 4, kind: 'run', state: 'running' });

it('waits for a run that was asked for, tells how it ended, and nothing of older ones', async () => {
  const requested = runView({ id: 4, kind: 'run', state: 'requested', startedAt: null });
  expect(
    await saidOf([
      { lastRun: old, presentRun: requested },
      { lastRun: running, presentRun: running },
      { lastRun: runView({ id: 4, kind: 'run', counts: { ...NO_COUNTS, new: 2, packages: 1, requests: 9 } }) },
    ]),
  ).toEqual({
    code: 0,
    many: 3,
    said: ['High rated: Run 4: done. 2 new, 0 changed, 0 withdrawn, 0 unchanged, 0 held back; 1 package, 9 requests.'],
  });
});

it.each([
  [
    'needs-approval',
    '19 of 20 would be withdrawn.',
    / 19 of 20 would be withdrawn\. To allow it: assay sync approve 4\.$/,
  ],
  ['failed', 'The server said: no.', /^High rated: Run 4: failed\. .*The server said: no\.$/],
] as const)('says also with --quiet that a run ended with: %s', async (state, message, words) => {
  const ended = runView({ id: 4, kind: 'reconcile', state, message });
  const { said } = await saidOf(
    [
      { lastRun: running, presentRun: running },
      { lastRun: ended, presentRun: state === 'failed' ? null : ended },
    ],
    '--quiet',
  );
  expect(said).toEqual([expect.stringMatching(words)]);
});
