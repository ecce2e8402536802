import type { FileRecord } from '../server/world.ts';
import { riskOf, RULES_THERE_ARE, type SimulatedRisk } from './risk.ts';

/** What comes or is left out of an entry, and how its name is written; none of it is promised by the description. */
export interface EntryShape {
  readonly evidence: boolean;
  readonly context: boolean;
  readonly count: boolean;
  readonly upperCase: boolean;
}

const DAY_MS = 86_400_000;

/**
 * One entry of `data.results`: entity and risk, without dates of sight, digests or link. A hash without a record has a
 * score of 0 where it comes at all. `now`: milliseconds since the epoch.
 */
export function bulkEntry(hash: string, record: FileRecord | null, shape: EntryShape, now: number): unknown {
  const risk = record === null ? { score: 0, level: 0, rules: [] } : riskOf(record);
  const name = shape.upperCase ? hash.toUpperCase() : hash;
  return {
    entity: { id: `hash:${hash}`, name, type: 'Hash' },
    risk: {
      score: risk.score,
      level: risk.level,
      ...(shape.context ? { context: contextOf(risk) } : {}),
      rule: {
        ...(shape.count ? { count: risk.rules.length } : {}),
        mostCritical: risk.rules[0]?.name ?? '',
        maxCount: RULES_THERE_ARE,
        summary: summaryOf(risk),
        ...(shape.evidence ? { evidence: evidenceOf(risk, now) } : {}),
      },
    },
  };
}

function contextOf({ score, rules }: SimulatedRisk): unknown {
  const rule = { count: rules.length, maxCount: RULES_THERE_ARE };
  return { public: { score, rule }, malware: { score, rule } };
}

function summaryOf({ rules }: SimulatedRisk): readonly unknown[] {
  const levels = [...new Set(rules.map((rule) => rule.level))];
  return levels.map((level) => ({ level, count: rules.filter((rule) => rule.level === level).length }));
}

function evidenceOf({ rules }: SimulatedRisk, now: number): unknown {
  return Object.fromEntries(
    rules.map(({ id, name, level, sightings, daysAgo }) => [
      id,
      {
        count: sightings,
        level,
        timestamp: new Date(now - daysAgo * DAY_MS).toISOString(),
        description: `${sightings} sightings on 1 source: Simulated Source.`,
        rule: name,
        sightings,
        mitigation: '',
      },
    ]),
  );
}
