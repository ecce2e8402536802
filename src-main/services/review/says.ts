import type { Disagreement } from '#shared/contract/review.ts';
import type { VerdictPolicy } from '#shared/domain/evidence.ts';
import { sourceOfCode } from '#shared/domain/source.ts';
import { STATUS_CODE, statusOfCode, type Status } from '#shared/domain/status.ts';
import { effectiveStatus } from '#shared/domain/verdict.ts';
import { noAnswerOfCode } from '../../db/codes.ts';
import type { ItemDetailRow } from '../../db/repositories/evidence.ts';
import type { Provider } from '../../providers/port.ts';
import { answerWords } from '../lookup/answer-words.ts';

type Says = Disagreement['says'];

/** What each source says about a file, by the thresholds in force, the worst first. */
export function saysOf(
  items: readonly ItemDetailRow[],
  policy: VerdictPolicy,
  providers: readonly Pick<Provider, 'facts' | 'word'>[],
): Says {
  const says = items.flatMap((row): Says => {
    const source = sourceOfCode(row.source);
    if (source === null) {
      return [];
    }
    const item = { source, status: statusOfCode(row.status), noAnswer: noAnswerOfCode(row.noAnswer), score: row.score };
    const status = effectiveStatus({ ...item, scannedAt: row.scannedAt }, policy);
    const provider = providers.find(({ facts }) => facts.source === source);
    const words = { ...item, status, rawCode: row.rawCode };
    const score =
      provider === undefined
        ? (row.score?.toString() ?? '')
        : answerWords(provider, words, policy.thresholds[source]).score;
    return [{ source, status, score, threat: row.threat }];
  });
  return says.sort((a, b) => STATUS_CODE[b.status] - STATUS_CODE[a.status]);
}

/** One says suspicious or worse, another non-malicious. */
export function isDisputed(says: readonly { readonly status: Status }[]): boolean {
  const statuses = new Set(says.map(({ status }) => status));
  return statuses.has('non-malicious') && (statuses.has('malicious') || statuses.has('suspicious'));
}
