import { expect, it } from 'vitest';
import { leftInQueue } from '#main/shells/chromium/left-in-queue.ts';
import type { OutboundState } from '#shared/contract/outbound.ts';

const state = (change: Partial<OutboundState>): OutboundState => ({
  owner: { pid: 7, shell: 'chromium', since: 0, isThis: true },
  offline: false,
  sentence: '',
  depth: 0,
  inFlight: 0,
  perSecond: 0,
  avoidedToday: {
    total: 0,
    by: { 'hash-list': 0, 'known-set': 0, fresh: 0, link: 0, queued: 0, conclusive: 0 },
  },
  groups: [],
  ...change,
});

it.each([
  [{ depth: 0 }, undefined, null],
  [{ depth: 1 }, undefined, '1 hash waits to be asked about. `assay run` goes on with it.'],
  [{ depth: 1696 }, '/cases/a', '1,696 hashes wait to be asked about. `assay --data /cases/a run` goes on with them.'],
  [
    { depth: 2, offline: true },
    "/my 'case",
    "2 hashes wait to be asked about. `assay --data '/my '\\''case' run` goes on with them once Assay is online.",
  ],
  [
    { depth: 2, owner: { pid: 911, shell: 'terminal', since: 0, isThis: false } },
    undefined,
    '2 hashes wait to be asked about. Process 911 (terminal) goes on with them.',
  ],
])('a window that ends says what waits and what goes on with it: %j', (change, data, line) => {
  expect(leftInQueue(state(change), data)).toBe(line);
});
