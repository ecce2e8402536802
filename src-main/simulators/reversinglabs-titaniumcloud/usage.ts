import type { ApiWorld } from '../server/api.ts';
import type { Presence } from './presence.ts';

const PRODUCT = 'TCA-0101 File Reputation';

/** What was asked today; a product that was not used is left out. */
export function usageReport(world: ApiWorld): Presence {
  const { used } = world.limits().day;
  return {
    date: new Date(world.now()).toISOString().slice(0, 10),
    usage_report: used === 0 ? [] : [{ product: PRODUCT, number_of_queries: used }],
  };
}

/** What the contract allows. The documentation names the path; of its answer only what it is about. */
export function limitsReport(world: ApiWorld): Presence {
  const { day, month } = world.limits();
  const limits = [
    { limit_type: 'daily', limit: day.allowed },
    { limit_type: 'monthly', limit: month.allowed },
  ].filter(({ limit }) => limit !== null);
  return { limits: [{ product: PRODUCT, limits }] };
}
