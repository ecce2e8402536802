import type { Status } from '#shared/domain/status.ts';
import type { HashAnswer, ProviderContext } from '../port.ts';

/** Assay's own: where the bands "Malicious" and "Suspicious" of the risk score begin. */
export const DEFAULT_THRESHOLDS = { malicious: 65, suspicious: 25 } as const;

/** Levels of criticality from 0 on, as the vendor calls them; the fifth came later than the others. */
const LABELS = ['None', 'Unusual', 'Suspicious', 'Malicious', 'Very Malicious', 'Very Critical'] as const;
const MALICIOUS_LEVEL = 3;
const SUSPICIOUS_LEVEL = 2;

/** What an answer says about the risk of a hash. */
export interface Risk {
  /** 0 to 99. */
  readonly score: number | null;
  /** 0 to 5. */
  readonly level: number | null;
}

/**
 * The status a risk comes to. The score is held against the thresholds; the level decides only where no score came. Risk
 * below them says nothing: the source vouches for no file, except where the user wants a score of 0 read so.
 */
export function statusOf(
  { score, level }: Risk,
  { config, threshold }: Pick<ProviderContext, 'config' | 'threshold'>,
): Status {
  if (score === null) {
    return level === null || level < SUSPICIOUS_LEVEL
      ? 'unknown'
      : level < MALICIOUS_LEVEL
        ? 'suspicious'
        : 'malicious';
  }
  if (score >= (threshold.malicious ?? DEFAULT_THRESHOLDS.malicious)) {
    return 'malicious';
  }
  if (score >= (threshold.suspicious ?? DEFAULT_THRESHOLDS.suspicious)) {
    return 'suspicious';
  }
  return score === 0 && config.options['zeroScore'] === 'non-malicious' ? 'non-malicious' : 'unknown';
}

/** Score and level as short text, e.g. `score=89 level=3`; null when neither was said. */
export function rawCodeOf({ score, level }: Risk): string | null {
  const parts = [score === null ? [] : [`score=${score}`], level === null ? [] : [`level=${level}`]].flat();
  return parts.length === 0 ? null : parts.join(' ');
}

/** The vendor's word for the level in a kept code. */
export function labelOf(rawCode: string): string | null {
  const level = /(?:^| )level=(\d+)$/.exec(rawCode)?.[1];
  return level === undefined ? null : (LABELS[Number(level)] ?? null);
}

/** The level that the vendor calls by this word, whatever its case; null when it is none of theirs. */
export function levelNamed(label: string): number | null {
  const level = LABELS.findIndex((word) => word.toLowerCase() === label.trim().toLowerCase());
  return level === -1 ? null : level;
}

/** True when a single call would tell what a bulk answer leaves out, and the file is worth it. */
export function isWorthDetails(answer: Pick<HashAnswer, 'status'>): boolean {
  return answer.status === 'malicious' || answer.status === 'suspicious';
}
