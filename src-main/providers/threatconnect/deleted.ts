import type { ServiceResult } from '../../net/service-fault.ts';
import type { DeletedIndicator } from '../indicator-port.ts';
import { askList } from './list.ts';
import { shownName, shownSummary } from './rows/indicator.ts';
import type { Exchange } from './wire/exchange.ts';
import { deletedSchema } from './wire/schema.ts';

const PAGE = 1000;
/** The server keeps deleted ones for some days; this many pages are more than that. */
const MOST_PAGES = 1000;

/**
 * Indicators deleted since a moment, owner by owner: without one, the server tells those of the Api User's organization
 * only. Rows that name nothing are left out; a server that has no such list is a fault `gone` or `query`.
 * https://docs.threatconnect.com/en/latest/rest_api/v3/indicators/indicators.html
 */
export async function readDeleted(
  exchange: Exchange,
  asked: { readonly owners: readonly string[]; readonly since: number },
  signal: AbortSignal,
): Promise<ServiceResult<readonly DeletedIndicator[]>> {
  const all: DeletedIndicator[] = [];
  for (const owner of asked.owners.length === 0 ? [''] : asked.owners) {
    const deleted = await deletedOf(exchange, owner, asked.since, signal);
    if (!deleted.ok) {
      return deleted;
    }
    all.push(...deleted.value);
  }
  return { ok: true, value: all };
}

async function deletedOf(
  exchange: Exchange,
  owner: string,
  since: number,
  signal: AbortSignal,
): Promise<ServiceResult<readonly DeletedIndicator[]>> {
  const found = new Map<string, DeletedIndicator>();
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const parameters = [
      ...(owner === '' ? [] : [['owner', owner] as const]),
      ['deletedSince', `${new Date(since).toISOString().slice(0, 19)}Z`] as const,
      ...(page === 0 ? [] : [['resultStart', String(page * PAGE)] as const]),
      ['resultLimit', String(PAGE)] as const,
    ];
    const listed = await askList(exchange, { place: 'indicators/deleted', parameters, isOptional: true }, signal);
    if (!listed.ok) {
      return listed;
    }
    const before = found.size;
    for (const row of listed.value.data) {
      const deleted = toDeleted(row, owner);
      if (deleted !== null) {
        found.set(JSON.stringify(deleted), deleted);
      }
    }
    // A server that knows no places for this list gives the same rows again.
    if (typeof listed.value.next !== 'string' || found.size === before) {
      break;
    }
  }
  return { ok: true, value: [...found.values()] };
}

function toDeleted(row: unknown, owner: string): DeletedIndicator | null {
  const parsed = deletedSchema.safeParse(row);
  if (!parsed.success) {
    return null;
  }
  const { id, type, summary, ownerName } = parsed.data;
  const isNamed = typeof type === 'string' && typeof summary === 'string';
  return typeof id === 'number' || isNamed
    ? {
        id: id ?? null,
        type: type ?? '',
        summary: shownSummary(summary ?? ''),
        owner: shownName(ownerName ?? owner),
      }
    : null;
}
