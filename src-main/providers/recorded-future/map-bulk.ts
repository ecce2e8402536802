import type { HexDigest } from '#shared/domain/hash.ts';
import { STATUS_CODE } from '#shared/domain/status.ts';
import type { HashAnswer, ProviderContext } from '../port.ts';
import type { Body } from '../read-body.ts';
import { digestOf, notKnown, surprise, type Asked } from './answer.ts';
import { bulkReport } from './report.ts';
import { isWorthDetails, rawCodeOf, statusOf, type Risk } from './risk.ts';
import { bulkEntrySchema, bulkRiskSchema, bulkSchema, type BulkRisk } from './schema.ts';

/** What a bulk answer holds, sorted by the hash it is about. */
export interface BulkEntries {
  readonly byHash: ReadonlyMap<HexDigest, readonly unknown[]>;
  /** Why hashes without an entry are not to be taken for unknown ones; null when they are. */
  readonly incomplete: string | null;
}

/** The entries of a bulk answer about the hashes that were asked for, or null when it is none. */
export function readBulk(body: Body & { kind: 'json' }, { hashes }: Asked): BulkEntries | null {
  const parsed = bulkSchema.safeParse(body.value);
  if (!parsed.success) {
    return null;
  }
  const { results } = parsed.data.data;
  const byHash = new Map<HexDigest, unknown[]>(hashes.map((hash) => [hash, []]));
  let strays = 0;
  for (const result of results) {
    const entry = bulkEntrySchema.safeParse(result).data;
    const hash = entry === undefined ? null : digestOf(entry.entity);
    const found = hash === null ? undefined : byHash.get(hash);
    if (found === undefined) {
      strays += 1;
    } else {
      found.push(entry?.risk);
    }
  }
  return { byHash, incomplete: incompleteness(strays, results.length, parsed.data.counts?.returned ?? null) };
}

/**
 * One answer per hash asked, in their order; of several entries about one hash the worst. Hashes without an entry are not
 * known, unless the answer has entries for something else, or fewer than it says.
 */
export function mapBulk(asked: Asked, { byHash, incomplete }: BulkEntries, context: ProviderContext): HashAnswer[] {
  return asked.hashes.map((hash) => {
    const answers = (byHash.get(hash) ?? []).map((risk) => answerOf(hash, asked, risk, context));
    const [worst] = answers.sort((a, b) => weight(b) - weight(a));
    if (worst !== undefined) {
      return worst;
    }
    return incomplete === null ? notKnown(hash, asked.kind, null) : surprise(hash, asked.kind, incomplete);
  });
}

function incompleteness(strays: number, entries: number, returned: number | null): string | null {
  if (strays > 0) {
    return 'The answer of Recorded Future has no entry for this hash, and entries that were not asked for.';
  }
  return returned !== null && returned > entries
    ? 'The answer of Recorded Future has no entry for this hash, and fewer entries than it counts.'
    : null;
}

function answerOf(hash: HexDigest, { kind }: Asked, said: unknown, context: ProviderContext): HashAnswer {
  const parsed = bulkRiskSchema.safeParse(said);
  if (!parsed.success) {
    return surprise(hash, kind, 'The entry of Recorded Future for this hash has no readable risk.');
  }
  const risk: Risk = { score: parsed.data.score ?? null, level: parsed.data.level ?? null };
  const status = statusOf(risk, context);
  // Hashes nobody ever saw come back like this, too.
  if (status === 'unknown' && (risk.score ?? 0) === 0 && !hasRules(parsed.data)) {
    return notKnown(hash, kind, rawCodeOf(risk));
  }
  const answer: HashAnswer = {
    hash,
    outcome: 'answer',
    status,
    score: risk.score,
    threat: null,
    rawCode: rawCodeOf(risk),
    firstSeen: null,
    digests: { [kind]: hash },
    report: bulkReport(parsed.data),
    note: null,
  };
  return isWorthDetails(answer) && context.config.options['details'] !== 'off'
    ? { ...answer, more: 'details' }
    : answer;
}

function hasRules({ rule, level }: BulkRisk): boolean {
  return (rule?.count ?? 0) > 0 || Object.keys(rule?.evidence ?? {}).length > 0 || (level ?? 0) > 0;
}

/** Worst first: what says something goes before what cannot be read, and that before what says nothing. */
function weight(answer: HashAnswer): number {
  const order = { answer: 2000, protocol: 1000 };
  const base = answer.outcome === 'answer' || answer.outcome === 'protocol' ? order[answer.outcome] : 0;
  return base + STATUS_CODE[answer.status] * 100 + Math.min(answer.score ?? 0, 99);
}
