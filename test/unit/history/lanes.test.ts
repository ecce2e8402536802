import { expect, it } from 'vitest';
import type { ItemChange, ItemState } from '#shared/contract/history.ts';
import type { Status } from '#shared/domain/status.ts';
import { lanesOf, type FileChange, type PresentItem } from '#main/services/history/lanes.ts';

const state = (status: Status): ItemState => ({ status, noAnswer: null, score: null, threat: null });
const present = (change: Partial<PresentItem> = {}): PresentItem => ({
  source: 'wildfire',
  fileId: 1,
  hash: 'aa',
  state: state('malicious'),
  since: 500,
  ...change,
});
const changed = (id: number, at: number, change: Partial<ItemChange> = {}, fileId = 1): FileChange => ({
  fileId,
  change: {
    id,
    source: 'wildfire',
    at,
    from: at - 100,
    before: state('unknown'),
    after: state('malicious'),
    flip: null,
    ...change,
  },
});

it('has one open stretch where nothing changed', () => {
  expect(lanesOf([present()], [])).toEqual([
    { source: 'wildfire', hash: 'aa', stretches: [{ ...state('malicious'), from: 500, to: null }] },
  ]);
});

it('follows one stretch by the next, oldest first, whatever order the changes come in', () => {
  const changes = [
    changed(7, 500, { from: 300, before: state('non-malicious') }),
    changed(3, 300, { from: 100, before: state('unknown') }),
  ];
  expect(lanesOf([present()], changes)[0]?.stretches.map(({ status, from, to }) => [status, from, to])).toEqual([
    ['unknown', 100, 300],
    ['non-malicious', 300, 500],
    ['malicious', 500, null],
  ]);
});

it('leaves no gap and no overlap when the clock was set back', () => {
  const changes = [changed(1, 300, { from: 100 }), changed(2, 250, { from: 300 }), changed(3, 400, { from: 250 })];
  const stretches = lanesOf([present()], changes)[0]?.stretches ?? [];
  expect(stretches.map(({ from, to }) => [from, to])).toEqual([
    [100, 300],
    [300, 300],
    [300, 400],
    [400, null],
  ]);
});

it('keeps sources and files apart', () => {
  const items = [
    present(),
    present({ source: 'virustotal', since: 50 }),
    present({ fileId: 2, hash: 'bb', since: 70 }),
  ];
  const changes = [changed(1, 300, { from: 100 }), changed(2, 350, { from: 90 }, 2)];
  expect(lanesOf(items, changes).map(({ source, hash, stretches }) => [source, hash, stretches.length])).toEqual([
    ['wildfire', 'aa', 2],
    ['virustotal', 'aa', 1],
    ['wildfire', 'bb', 2],
  ]);
});
