import type { GridQuery } from '#shared/contract/intake.ts';

/** A page of the grid nobody filtered: every row, in the order of the input. */
export const EVERY_ROW: GridQuery = {
  statuses: [],
  flags: [],
  tags: [],
  text: '',
  sort: 'position',
  descending: false,
  asOf: 0,
};
