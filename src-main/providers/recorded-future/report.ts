import { plainText } from '../own-words.ts';
import { evidenceSchema, type BulkRisk, type SingleData } from './schema.ts';
import { linkedNames, relatedOf } from './related.ts';

const MOST_RULES = 15;
const MOST_NAMES = 10;
const LONGEST_TEXT = 300;
/** Of the vendor's own address; it is kept to be read, and never opened. */
const CARD = /^https:\/\/[\w.-]+\/[\w./%:?=&-]{1,300}$/;

interface RuleText {
  readonly rule: string;
  readonly level: number | null;
  readonly said: string | null;
  readonly at: string | null;
}

/** What is worth keeping of an entry of a bulk answer: score, level and the rules that fired, worst first. */
export function bulkReport({ score, level, rule }: BulkRisk): Readonly<Record<string, unknown>> {
  const rules = rulesOf(Object.values(rule?.evidence ?? {}));
  return said({
    from: 'bulk',
    score,
    level,
    rulesFired: rule?.count,
    rulesThereAre: rule?.maxCount,
    rules: rules.length === 0 ? null : rules,
  });
}

/**
 * The same of a single answer, with when it was seen, the vendor's page about it, and malware that is mentioned together
 * with the hash: `relatedMalware` is no name that anybody gave this file. Moments are seconds since the epoch.
 */
export function singleReport(data: SingleData): Readonly<Record<string, unknown>> {
  const { risk, timestamps } = data;
  const rules = rulesOf(risk.evidenceDetails ?? []);
  const related = relatedMalware(data);
  const categories = names(relatedOf(data, 'RelatedMalwareCategory'));
  const card = data.intelCard ?? '';
  return said({
    from: 'single',
    score: risk.score,
    level: risk.criticality,
    label: text(risk.criticalityLabel),
    risk: text(risk.riskString),
    summary: text(risk.riskSummary),
    rulesFired: risk.rules,
    rules: rules.length === 0 ? null : rules,
    firstSeen: secondsOf(timestamps?.firstSeen),
    lastSeen: secondsOf(timestamps?.lastSeen),
    relatedMalware: related.length === 0 ? null : related.slice(0, MOST_NAMES),
    relatedCategories: categories.length === 0 ? null : categories.slice(0, MOST_NAMES),
    hashAlgorithm: text(data.hashAlgorithm),
    intelCard: CARD.test(card) ? card : null,
  });
}

/** Malware mentioned together with the hash, the most often mentioned first; by links where no counts came. */
export function relatedMalware(data: SingleData): readonly string[] {
  const counted = names(relatedOf(data, 'RelatedMalware'));
  return counted.length > 0 ? counted : names(linkedNames(data, 'Malware'));
}

/** Seconds since the epoch of an ISO 8601 text with a zone, or null. What lies beyond the year 2100 is no time. */
export function secondsOf(moment: string | null | undefined): number | null {
  const isMoment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/.test(moment ?? '');
  const seconds = isMoment ? Math.floor(Date.parse(moment ?? '') / 1000) : Number.NaN;
  return seconds > 0 && seconds < 4_102_444_800 ? seconds : null;
}

function names(list: readonly (string | null | undefined)[]): readonly string[] {
  return [...new Set(list.flatMap((name) => text(name) ?? []))];
}

function rulesOf(evidence: readonly unknown[]): readonly Partial<RuleText>[] {
  return evidence
    .flatMap((one): RuleText[] => {
      const read = evidenceSchema.safeParse(one).data;
      const rule = text(read?.rule);
      return read === undefined || rule === null
        ? []
        : [
            {
              rule,
              level: read.level ?? read.criticality ?? null,
              said: text(read.description ?? read.evidenceString),
              at: text(read.timestamp),
            },
          ];
    })
    .sort((a, b) => (b.level ?? 0) - (a.level ?? 0) || a.rule.localeCompare(b.rule))
    .slice(0, MOST_RULES)
    .map((rule) => said({ ...rule }));
}

function text(value: string | null | undefined): string | null {
  return value === null || value === undefined ? null : plainText(value, LONGEST_TEXT) || null;
}

function said(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));
}
