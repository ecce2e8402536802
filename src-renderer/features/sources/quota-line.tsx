import type { ReactNode } from 'react';
import type { QuotaView } from '#shared/contract/sources.ts';
import { number, remaining } from '../../components/words.ts';

/** What is spent of one or two windows, and how long until they empty. */
export function QuotaCell({ quotas, now }: { readonly quotas: readonly QuotaView[]; readonly now: number }): ReactNode {
  return quotas.length === 0 ? (
    <span className="t3">no limit</span>
  ) : (
    quotas.map((quota) => <QuotaLine key={quota.window} quota={quota} now={now} />)
  );
}

function QuotaLine({ quota, now }: { readonly quota: QuotaView; readonly now: number }): ReactNode {
  const { spent, limit, learned, resetsAt, window } = quota;
  if (limit === null) {
    return <span className="t3">{spent === 0 ? 'no limit' : `${number(spent)}, no limit`}</span>;
  }
  const isLearned = learned !== null && learned === limit;
  return (
    <div className="meterline" title={isLearned ? `The source itself told this limit: ${number(learned)}` : undefined}>
      <span>
        {number(spent)} / {number(limit)}
        {window === 'hour' ? ' an hour' : ''}
      </span>
      <span className="t3">{resetsAt === null ? '' : remaining(resetsAt, now)}</span>
      <Meter part={spent / limit} />
    </div>
  );
}

/** A share as a line; grey when it is all. `planned` is drawn hatched behind what is there. */
export function Meter({ part, planned = 0 }: { readonly part: number; readonly planned?: number }): ReactNode {
  const now = share(part);
  const more = Math.min(share(planned), 1 - now);
  return (
    <span className="meter" aria-hidden="true">
      <i className={now >= 1 ? 'full' : undefined} style={{ width: `${now * 100}%` }} />
      {more > 0 ? <i className="plan" style={{ left: `${now * 100}%`, width: `${more * 100}%` }} /> : null}
    </span>
  );
}

function share(value: number): number {
  return Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 0;
}
