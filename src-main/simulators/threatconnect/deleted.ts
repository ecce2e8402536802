import type { ApiAnswer } from '../server/api.ts';
import { ApiError, json } from './answers.ts';
import { links, window, type PageParts } from './page.ts';
import { instant } from './rows.ts';
import { readMoment } from './tql/dates.ts';

/**
 * `GET /indicators/deleted`: what was deleted from one owner, the organization unless another one is named. Told by type,
 * summary and owner; there is no id.
 */
export function deletedPage(parts: PageParts): ApiAnswer {
  const { parameters, catalog, world, quirks, now } = parts;
  if (quirks().hasNoDeleted) {
    throw new ApiError('0x1004', 'no such indicator');
  }
  const owner = catalog.ownerFor(parameters.one('owner')).name;
  const type = parameters.one('type');
  const since = sinceOf(parameters.one('deletedSince'), { now, zoneMinutes: quirks().zoneMinutes });
  const found = world.deleted.filter(
    (record) => record.owner === owner && (type === null || record.type === type) && record.at >= since,
  );
  const { start, limit } = window(parameters);
  return json({
    ...links(parts, start, limit, found.length),
    data: found.slice(start, start + limit).map((record) => ({
      ownerName: record.owner,
      dateAdded: instant(record.at),
      type: record.type,
      summary: record.summary,
    })),
    count: found.length,
    status: 'Success',
  });
}

function sinceOf(text: string | null, clock: { readonly now: number; readonly zoneMinutes: number }): number {
  const moment = text === null ? 0 : readMoment(text, clock);
  if (moment === null) {
    throw new ApiError('0x1001', 'deletedSince is no date');
  }
  return moment;
}
