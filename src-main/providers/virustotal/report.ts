import { plainText } from '../own-words.ts';
import { engineSchema, type FileAttributes } from './schema.ts';

const MOST_ENGINES = 15;
const MOST_NAMES = 10;
const MOST_TAGS = 20;
const LONGEST_TEXT = 200;

interface FlaggingEngine {
  readonly engine: string;
  readonly category: 'malicious' | 'suspicious';
  readonly result: string | null;
}

/**
 * What is worth keeping of some 50 kB: counts, the engines that flag the file (malicious first, at most 15, their number
 * beside them), names, type, tags and times (seconds since the epoch). What was not said is left out.
 */
export function compactReport(attributes: FileAttributes): Readonly<Record<string, unknown>> {
  const flagging = flaggingEngines(attributes.last_analysis_results ?? {});
  const texts = (list: readonly string[] | null | undefined, most: number): readonly string[] | null =>
    list?.slice(0, most).map((text) => plainText(text, LONGEST_TEXT)) ?? null;
  const votes = attributes.total_votes;
  const trusted = attributes.trusted_verdict;
  const classified = attributes.popular_threat_classification;
  return said({
    stats: attributes.last_analysis_stats,
    flaggedBy: flagging.length === 0 ? null : flagging.length,
    engines: flagging.length === 0 ? null : flagging.slice(0, MOST_ENGINES),
    label: text(classified?.suggested_threat_label),
    categories: texts(
      classified?.popular_threat_category?.map((category) => category.value),
      MOST_NAMES,
    ),
    name: text(attributes.meaningful_name),
    names: texts(attributes.names, MOST_NAMES),
    size: attributes.size,
    type: text(attributes.type_description),
    tags: texts(attributes.tags, MOST_TAGS),
    firstSubmitted: attributes.first_submission_date,
    lastSubmitted: attributes.last_submission_date,
    lastAnalysed: attributes.last_analysis_date,
    reputation: attributes.reputation,
    votes: votes === null || votes === undefined ? null : said(votes),
    trusted:
      trusted === null || trusted === undefined
        ? null
        : said({ verdict: text(trusted.verdict), organization: text(trusted.organization) }),
  });
}

function flaggingEngines(results: Readonly<Record<string, unknown>>): readonly FlaggingEngine[] {
  const found = Object.entries(results).flatMap(([name, result]): FlaggingEngine[] => {
    if (!mayFlag(result)) {
      return [];
    }
    const engine = engineSchema.safeParse(result).data;
    const category = engine?.category;
    return category === 'malicious' || category === 'suspicious'
      ? [{ engine: plainText(engine?.engine_name ?? name, LONGEST_TEXT), category, result: text(engine?.result) }]
      : [];
  });
  return found.sort((a, b) => a.category.localeCompare(b.category) || a.engine.localeCompare(b.engine));
}

/** Most engines say nothing against a file: only the others are read field by field. */
function mayFlag(result: unknown): boolean {
  const category = typeof result === 'object' && result !== null && 'category' in result ? result.category : null;
  return category === 'malicious' || category === 'suspicious';
}

function text(value: string | null | undefined): string | null {
  return value === null || value === undefined ? null : plainText(value, LONGEST_TEXT) || null;
}

function said(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));
}
