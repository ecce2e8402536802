import { expect, it } from 'vitest';
import { startNotice } from '#main/services/start-notice.ts';

it('says nothing about a sound database', () => {
  expect([startNotice(null), startNotice(undefined)]).toEqual([null, null]);
});

it('names what was saved, what was lost and where the damaged file lies', () => {
  const notice = startNotice({
    reason: 'page 7 is torn.',
    keptAt: '/data/assay.db.damaged-1',
    tables: [
      { table: 'hash_list', saved: 1, lost: 0 },
      { table: 'items', saved: 1200, lost: 34 },
      { table: 'intakes', saved: 0, lost: null },
      { table: 'threat_names', saved: 3, lost: 2 },
    ],
  });
  expect(notice).toBe(
    'The database was damaged (page 7 is torn) and was replaced. Saved: 1 hash-list entry, 1,200 reputation items. ' +
      'Lost: an unknown number of intakes, 34 reputation items, 2 other rows. ' +
      'The damaged file is kept as /data/assay.db.damaged-1. Where something is missing, restore a backup.',
  );
});

it('does not hide that nothing was left', () => {
  expect(startNotice({ reason: 'the file is missing', keptAt: null, tables: [] })).toBe(
    'The database was damaged (the file is missing) and was replaced. Nothing could be saved from it. There was no file left to keep.',
  );
});
