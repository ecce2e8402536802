import type { QuotaWindow } from '#shared/domain/outcome.ts';
import type { LearnedLimit } from '../port.ts';
import type { AnswerBody } from './read-answer.ts';
import { limitsAnswerSchema, usageAnswerSchema, type LimitEntry } from './schema.ts';

/** File reputation as usage reports name it, e.g. `TCA-0101 File Reputation`. */
const PRODUCT = /\bTCA-0101\b/i;

/** Hashes asked about today, or null when the body is no usage report. A product that was not used is left out of it. */
export function readUsage(body: AnswerBody): number | null {
  const parsed = body.kind === 'json' ? usageAnswerSchema.safeParse(body.value) : null;
  if (parsed?.success !== true) {
    return null;
  }
  const own = parsed.data.usage_report.filter((entry) => PRODUCT.test(entry.product ?? ''));
  return own.reduce((sum, entry) => sum + (entry.number_of_queries ?? 0), 0);
}

/**
 * What the contract allows for file reputation, as far as it is certain: the product is named once, and a window has one
 * number. `usedToday` goes with the day. Empty when nothing of that kind is told.
 */
export function readLimits(body: AnswerBody, usedToday: number): readonly LearnedLimit[] {
  const parsed = body.kind === 'json' ? limitsAnswerSchema.safeParse(body.value) : null;
  const own = parsed?.success === true ? parsed.data.limits.filter(({ product }) => PRODUCT.test(product ?? '')) : [];
  const [entry] = own;
  if (entry === undefined || own.length > 1) {
    return [];
  }
  return (['day', 'month'] as const).flatMap((window): LearnedLimit[] => {
    const [allowed, ...others] = numbersOf(entry, window);
    return allowed === undefined || allowed === 0 || others.length > 0
      ? []
      : [{ window, allowed, used: window === 'day' ? usedToday : null }];
  });
}

function numbersOf(entry: LimitEntry, window: Extract<QuotaWindow, 'day' | 'month'>): readonly number[] {
  const named = window === 'day' ? entry.daily_limit : entry.monthly_limit;
  const listed = (entry.limits ?? []).flatMap(({ limit_type: type, limit }) =>
    (window === 'day' ? /^(?:daily|day)$/i : /^(?:monthly|month)$/i).test(type ?? '') ? [limit ?? null] : [],
  );
  return [...new Set([named ?? null, ...listed].filter((value) => value !== null))];
}
