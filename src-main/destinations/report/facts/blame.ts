import type { DigestKind } from '#shared/domain/hash.ts';
import type { ReportHead, ReportRow } from '../port.ts';

export type Blame = 'malicious' | 'suspicious' | null;

/**
 * How a digest is to be looked for elsewhere. A verdict that was raised by a digest only the list ties to the row says
 * something about that digest, and nothing about the others outside this list: `kind` null asks for the row itself, a kind
 * for a digest tied to it. An entry of the hash list does not tell which digest it holds and blames none of the tied ones.
 */
export function blameOf(row: ReportRow, kind: DigestKind | null, head: ReportHead): Blame {
  const { status, flags } = row.verdict;
  if (kind === null) {
    const isOwn = !flags.includes('asserted');
    return isOwn && (status === 'malicious' || status === 'suspicious') ? status : null;
  }
  const said = row.answers.filter(({ matchedBy }) => matchedBy === kind).map((answer) => answer.status);
  const isInBadSet = row.sets.some(({ set, asserted }) => asserted === kind && head.sets[set]?.mark === 'known-bad');
  if (isInBadSet || said.includes('malicious')) {
    return 'malicious';
  }
  return said.includes('suspicious') ? 'suspicious' : null;
}
