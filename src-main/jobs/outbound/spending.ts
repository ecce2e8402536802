import type { Settings } from '#shared/settings/schema.ts';
import type { Spending } from './port.ts';

const DAY_SECONDS = 86_400;

/** What is set about which answers save a call, and how much of a quota rescans may take. */
export function spendingOf(settings: Pick<Settings, 'staleAfterDays' | 'notKnownDays' | 'rescanShare'>): Spending {
  const { staleAfterDays, notKnownDays, rescanShare } = settings;
  return {
    freshSeconds: staleAfterDays * DAY_SECONDS,
    notKnownSeconds: Math.min(staleAfterDays, notKnownDays ?? staleAfterDays) * DAY_SECONDS,
    rescanShare: rescanShare / 100,
  };
}
