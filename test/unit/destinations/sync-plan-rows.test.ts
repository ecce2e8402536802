import { describe, expect, it } from 'vitest';
import { syncPlanLines, SYNC_PLAN_NAMES } from '#main/destinations/sync-plan-rows.ts';
import type { SyncPlanRow } from '#shared/contract/sync.ts';

const ROW: SyncPlanRow = {
  position: 0,
  action: 'changed',
  id: 7,
  type: 'Host',
  summary: '=cmd.example',
  owner: 'Open "Feed", daily',
  rating: 4,
  confidence: null,
  tags: ['+calc', 'two\nlines'],
  oldRating: 3,
  oldConfidence: null,
  package: 'Feed - Host 0',
  reason: null,
  why: '',
  here: null,
};

describe('rows of a plan', () => {
  it('are CSV that no spreadsheet runs', () => {
    const lines = syncPlanLines('csv', false);
    expect(lines.header).toBe(`${SYNC_PLAN_NAMES.join(',')}\n`);
    expect(lines.row(ROW)).toBe(
      `changed,7,Host,'=cmd.example,"Open ""Feed"", daily",4,,"[""+calc"",""two\\nlines""]",3,,Feed - Host 0,,,\n`,
    );
  });

  it('are JSONL with all text as it is', () => {
    const lines = syncPlanLines('jsonl', false);
    const { position: _position, ...data } = ROW;
    expect([lines.header, JSON.parse(lines.row(ROW))]).toEqual(['', data]);
    expect(lines.row(ROW).match(/\n/g)).toHaveLength(1);
  });

  it('say in every row that they are made up, where they are', () => {
    const csv = syncPlanLines('csv', true);
    expect([csv.header.trimEnd().split(',').at(-1), csv.row(ROW).trimEnd().split(',').at(-1)]).toEqual([
      'simulated',
      'true',
    ]);
    expect(JSON.parse(syncPlanLines('jsonl', true).row(ROW))).toMatchObject({ simulated: true });
  });
});
