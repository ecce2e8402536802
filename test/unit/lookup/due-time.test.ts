import { expect, it } from 'vitest';
import { withDueTime } from '#main/services/lookup/due-time.ts';
import type { JudgedItem } from '#main/services/triage/port.ts';
import type { LifePolicy } from '#shared/domain/life.ts';

const DAY = 86_400;
const NOW = 1_800_000_000;
const POLICY: LifePolicy = {
  rescan: 30 * DAY,
  notKnown: 7 * DAY,
  sources: { virustotal: { rescans: true, pending: 600, newAge: 10 * DAY, newInterval: 3600 } },
};
const judged = (change: Partial<JudgedItem>): JudgedItem => ({
  source: 'virustotal',
  status: 'malicious',
  noAnswer: null,
  score: null,
  threat: null,
  rawCode: null,
  firstSeen: NOW - 300 * DAY,
  scannedAt: NOW,
  notBefore: null,
  createdAt: NOW - 2 * DAY,
  since: NOW - DAY,
  stale: false,
  digests: {},
  matchedBy: 'sha256',
  link: 'direct',
  ...change,
});

it.each([
  ['by the interval of all items', judged({}), NOW + 30 * DAY],
  ['by the interval of new ones', judged({ firstSeen: NOW - DAY }), NOW + 3600],
  ['by when Assay made it, where the source tells no first seen', judged({ firstSeen: null }), NOW + 3600],
  ['not before what the source asked for', judged({ notBefore: NOW + 99 * DAY }), NOW + 99 * DAY],
  ['never by itself at a source that rescans nothing', judged({ source: 'wildfire' }), null],
])('says when an item is due: %s', (_, item, nextScanAt) => {
  const shown = withDueTime(item, POLICY);
  expect(shown.nextScanAt).toBe(nextScanAt);
  expect(shown).not.toHaveProperty('notBefore');
});
