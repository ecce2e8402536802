import type { FileRecord } from '../server/world.ts';

/** Risk of a hash: a score of 0 to 99, and the level that goes with it. */
export interface SimulatedRisk {
  readonly score: number;
  readonly level: number;
  /** Rules that fired, worst first. */
  readonly rules: readonly SimulatedRule[];
}

interface SimulatedRule {
  readonly id: string;
  readonly name: string;
  readonly level: number;
  readonly sightings: number;
  /** Days before now. */
  readonly daysAgo: number;
}

/** Rules there are for hashes. */
export const RULES_THERE_ARE = 17;

export const LABELS = ['None', 'Unusual', 'Suspicious', 'Malicious', 'Very Malicious', 'Very Critical'] as const;

/** Invented rules, some of each level. */
const RULES: readonly (readonly [id: string, name: string, level: number])[] = [
  ['simulatedDetonation', 'Simulated Verdict of a Detonation', 3],
  ['simulatedToolkit', 'Simulated Link to a Toolkit', 2],
  ['simulatedCampaign', 'Simulated Link to a Campaign', 2],
  ['simulatedResearcher', 'Simulated Mention by a Researcher', 1],
  ['simulatedThreatList', 'Simulated Former Entry of a Threat List', 1],
];

/**
 * What is drawn for a file: malicious from 65 on, suspicious from 25, one that others still work on "Unusual", a harmless
 * one 0, as nobody vouches for it. The fifth level is given to some scores of 95 and more.
 */
export function riskOf({ status, draw }: FileRecord): SimulatedRisk {
  const between = (least: number, most: number): number => least + Math.floor(draw.at(0) * (most - least + 1));
  switch (status) {
    case 'malicious':
      return withRules(between(65, 99), draw.at(1));
    case 'suspicious':
      return withRules(between(25, 64), draw.at(1));
    case 'pending':
      return withRules(between(5, 24), draw.at(1));
    default:
      return { score: 0, level: 0, rules: [] };
  }
}

function withRules(score: number, share: number): SimulatedRisk {
  const band = score >= 90 ? 4 : score >= 65 ? 3 : score >= 25 ? 2 : 1;
  const level = score >= 95 && share < 0.5 ? 5 : band;
  const fitting = RULES.filter(([, , one]) => one <= level);
  const rules = fitting.map(([id, name, one], n) => ({
    id,
    name,
    // The worst rule is as bad as the whole.
    level: n === 0 ? level : one,
    sightings: 1 + Math.floor(share * 50),
    daysAgo: 1 + n * 30 + Math.floor(share * 20),
  }));
  return { score, level, rules };
}
