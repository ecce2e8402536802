import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createPushBatcher, type Push } from '#main/ipc/push-batcher.ts';
import type { Job } from '#shared/contract/app.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setup(): {
  readonly sent: (readonly Push[])[];
  readonly batcher: ReturnType<typeof createPushBatcher>;
  gone: boolean;
} {
  const sent: (readonly Push[])[] = [];
  const state = { gone: false };
  const batcher = createPushBatcher({ isGone: () => state.gone, send: (pushes) => sent.push(pushes) });
  return Object.assign(state, { sent, batcher });
}

const job = (jobId: string, state: Job['state'], done: number): Job => ({
  jobId,
  kind: 'intake',
  title: '',
  state,
  phase: '',
  done,
  total: null,
  unit: 'bytes',
  rate: 0,
  secondsLeft: null,
  paused: null,
  intakeId: null,
  counts: null,
  message: '',
  path: null,
});

it('merges what changed within 100 ms into one push', () => {
  const { sent, batcher } = setup();
  batcher.push('changed', { kinds: ['intakes'], intakeIds: [1] });
  vi.advanceTimersByTime(60);
  batcher.push('changed', { kinds: ['verdicts', 'intakes'], intakeIds: [1, 2] });
  expect(sent).toEqual([]);
  vi.advanceTimersByTime(40);
  expect(sent).toEqual([[{ name: 'changed', payload: { kinds: ['intakes', 'verdicts'], intakeIds: [1, 2] } }]]);
  vi.advanceTimersByTime(1_000);
  expect(sent).toHaveLength(1);
});

it('sends the latest state of each job, never one after its end, and changes last', () => {
  const { sent, batcher } = setup();
  batcher.push('changed', { kinds: ['intakes'], intakeIds: [] });
  batcher.push('job', job('a', 'running', 1));
  batcher.push('job', job('b', 'running', 5));
  batcher.push('job', job('a', 'done', 2));
  batcher.push('job', job('a', 'running', 1));
  vi.advanceTimersByTime(100);
  expect(
    sent[0]?.map(({ name, payload }) => (name === 'job' ? [(payload as Job).jobId, (payload as Job).done] : name)),
  ).toEqual([['a', 2], ['b', 5], 'changed']);
});

it('keeps every opening of files', () => {
  const { sent, batcher } = setup();
  batcher.push('openFiles', { handle: '1', names: ['a'] });
  batcher.push('openFiles', { handle: '2', names: ['b'] });
  batcher.flush();
  expect(sent[0]).toHaveLength(2);
});

it('sends nothing into a page that is gone and goes on when it is back', () => {
  const state = setup();
  state.gone = true;
  state.batcher.push('changed', { kinds: ['items'], intakeIds: [] });
  vi.advanceTimersByTime(100);
  state.gone = false;
  state.batcher.push('changed', { kinds: ['settings'], intakeIds: [] });
  vi.advanceTimersByTime(100);
  expect(state.sent).toEqual([[{ name: 'changed', payload: { kinds: ['settings'], intakeIds: [] } }]]);
});

it('is silent once disposed and leaves no timer', () => {
  const { sent, batcher } = setup();
  batcher.push('changed', { kinds: ['items'], intakeIds: [] });
  batcher.dispose();
  batcher.push('changed', { kinds: ['items'], intakeIds: [] });
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(500);
  expect(sent).toEqual([]);
});
