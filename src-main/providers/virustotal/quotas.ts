import type { QuotaWindow } from '#shared/domain/outcome.ts';
import type { HttpResponse } from '../../net/port.ts';
import type { LearnedLimit } from '../port.ts';
import { readBody } from '../read-body.ts';
import { overallQuotasSchema, type OverallQuotas } from './schema.ts';

/** What the endpoint gives where a contract sets no limit for a window. */
const NO_LIMIT = 1_000_000_000;

type Quotas = OverallQuotas['data']['api_requests_daily'];

/** The limits an account has, or null when the answer does not tell them. Windows without a limit are left out. */
export function readQuotas(response: Pick<HttpResponse, 'body'>): readonly LearnedLimit[] | null {
  const body = readBody(response);
  const parsed = body.kind === 'json' ? overallQuotasSchema.safeParse(body.value) : null;
  if (parsed?.success !== true) {
    return null;
  }
  const { data } = parsed.data;
  const windows: readonly (readonly [QuotaWindow, Quotas])[] = [
    ['hour', data.api_requests_hourly],
    ['day', data.api_requests_daily],
    ['month', data.api_requests_monthly],
  ];
  if (windows.every(([, quotas]) => (quotas?.user ?? quotas?.group ?? null) === null)) {
    return null;
  }
  return windows.flatMap(([window, quotas]) => tightest(window, quotas));
}

/** The limit of the user or of the group, whichever leaves less; both hold. */
function tightest(window: QuotaWindow, quotas: Quotas): readonly LearnedLimit[] {
  const limits = [quotas?.user, quotas?.group].flatMap((quota): LearnedLimit[] => {
    const allowed = quota?.allowed ?? NO_LIMIT;
    return allowed >= NO_LIMIT || allowed === 0 ? [] : [{ window, allowed, used: quota?.used ?? null }];
  });
  return limits.sort((a, b) => left(a) - left(b)).slice(0, 1);
}

/** Calls that are left of a limit; all of it when nobody says how many were made. */
export function left({ allowed, used }: LearnedLimit): number {
  return allowed - (used ?? 0);
}
