import type { SourceEffect } from '#shared/contract/life.ts';
import { grouped } from '#shared/domain/grouped.ts';
import type { SourceConfig } from '#shared/settings/source-config.ts';
import type { LifeTotals } from '../../../db/repositories/life/effects.ts';
import type { Limits } from '../../../db/repositories/queue-types.ts';
import { shareOf } from '../../../jobs/outbound/effective-limits.ts';
import type { ProviderFacts } from '../../../providers/port.ts';

/** A source with what its items come to. */
export interface SourceInForce {
  readonly facts: Pick<ProviderFacts, 'source' | 'billedBy' | 'mostHashesPerRequest' | 'singleCalls'>;
  readonly config: SourceConfig;
  /** What holds of what is set and what the source told. */
  readonly limits: Limits;
  /** Of each hour, day and month that rescans may go on spending, 0 to 1. */
  readonly share: number;
  /** Null while it has no answered item. */
  readonly totals: LifeTotals | null;
}

const MINUTES_A_DAY = 1_440;
const HOURS_A_DAY = 24;
/** Days a month's quota has to last. */
const MONTH_DAYS = 30;

/** What the settings come to at one source, in calls as it bills them, requests taken as full. */
export function sourceEffect({ facts, config, limits, share, totals }: SourceInForce): SourceEffect {
  const why = whyNot(config);
  const isOn = why === '';
  const batch =
    facts.billedBy === 'hash' ? 1 : Math.max(1, Math.min(config.hashesPerRequest, facts.mostHashesPerRequest));
  const isFollowed = (facts.singleCalls?.(config) ?? null) === 'elsewhere';
  const { items = 0, answersPerDay = 0, notKnownPerDay = 0 } = totals ?? {};
  const callsPerDay = isOn ? answersPerDay / batch + (isFollowed ? notKnownPerDay : 0) : 0;
  const allowedPerDay = allowedOf(limits, share);
  // Of every answer the same share is followed by a single call as of the answers a day.
  const callsOfAll = answersPerDay === 0 ? items / batch : items * (callsPerDay / answersPerDay);
  const fullCycleDays =
    !isOn || items === 0 || allowedPerDay === null || allowedPerDay === 0 ? null : callsOfAll / allowedPerDay;
  return {
    source: facts.source,
    rescans: isOn,
    why,
    items,
    overdue: totals?.overdue ?? 0,
    overdueMalicious: totals?.overdueMalicious ?? 0,
    dueNextDay: totals?.dueNextDay ?? 0,
    callsPerDay: rounded(callsPerDay),
    allowedPerDay: allowedPerDay === null ? null : rounded(allowedPerDay),
    fullCycleDays: fullCycleDays === null ? null : rounded(fullCycleDays),
    warning: isOn ? warningOf(callsPerDay, allowedPerDay, fullCycleDays) : '',
  };
}

function whyNot({ enabled, rescans, plan }: SourceConfig): string {
  if (!enabled) {
    return 'It is switched off.';
  }
  if (plan === 'public') {
    return 'A public key asks for nothing by itself.';
  }
  return rescans ? '' : 'Rescans are off for it.';
}

/** The tightest window tells. The minute is not shared out: it ends too soon to be kept for anybody. */
function allowedOf(limits: Limits, share: number): number | null {
  const { minute, hour, day, month } = shareOf(limits, share);
  const each = [
    minute === null ? null : minute * MINUTES_A_DAY,
    hour === null ? null : hour * HOURS_A_DAY,
    day,
    month === null ? null : month / MONTH_DAYS,
  ].filter((one) => one !== null);
  return each.length === 0 ? null : Math.min(...each);
}

function warningOf(callsPerDay: number, allowed: number | null, fullCycleDays: number | null): string {
  if (allowed === null || callsPerDay <= allowed) {
    return '';
  }
  const taken = `These intervals take about ${words(callsPerDay)} calls a day, rescans may use ${words(allowed)}.`;
  return fullCycleDays === null
    ? `${taken} Only some malicious items, and what fills up other requests, are asked for again.`
    : `${taken} Malicious items go first; asking for all once takes ${words(fullCycleDays)} days.`;
}

function words(number: number): string {
  return number > 0 && number < 10 ? String(rounded(number)) : grouped(Math.round(number));
}

/** With a decimal; of what is less than one two digits, so that little is not none. */
function rounded(number: number): number {
  return number < 1 ? Number(number.toPrecision(2)) : Math.round(number * 10) / 10;
}
