import type { ReactNode } from 'react';
import type { QuotaView } from '#shared/contract/sources.ts';
import { Meter } from '../../components/meter.tsx';
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
