import type { ServiceResult } from '../../net/service-fault.ts';
import { askList } from './list.ts';
import { shownName } from './rows/indicator.ts';
import { failed, type Exchange } from './wire/exchange.ts';
import { unreadable } from './wire/faults.ts';
import { ownerSchema } from './wire/schema.ts';

export interface Owner {
  readonly name: string;
  /** Organization, Community or Source, as ThreatConnect says. */
  readonly type: string;
}

const PAGE = 500;
/** Nobody has so many; an end to a server that always has more. */
const MOST_PAGES = 100;

/** Owners whose indicators may be read, by name, each once. */
export async function readOwners(exchange: Exchange, signal: AbortSignal): Promise<ServiceResult<readonly Owner[]>> {
  const owners = new Map<string, Owner>();
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const listed = await askList(
      exchange,
      {
        place: 'security/owners',
        parameters: [
          ...(page === 0 ? [] : [['resultStart', String(page * PAGE)] as const]),
          ['resultLimit', String(PAGE)],
        ],
      },
      signal,
    );
    if (!listed.ok) {
      return listed;
    }
    for (const row of listed.value.data) {
      const owner = ownerSchema.safeParse(row);
      if (!owner.success) {
        return failed(unreadable('an owner has no name', 200));
      }
      const { name, type, permIndicator } = owner.data;
      if (permIndicator?.toUpperCase() !== 'NONE') {
        owners.set(shownName(name), { name: shownName(name), type: shownName(type ?? '') });
      }
    }
    if (typeof listed.value.next !== 'string') {
      break;
    }
  }
  return { ok: true, value: [...owners.values()].sort((a, b) => a.name.localeCompare(b.name, 'en')) };
}
