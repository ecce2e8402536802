import type { ChangeRow } from '#shared/contract/history.ts';
import { grouped } from '#shared/domain/grouped.ts';
import { sourceLabel } from '#shared/domain/source.ts';
import type { NotificationText } from '../../platform/notifications.ts';

/** Lists named in a notification; of more there is the number. */
const MOST_NAMED = 2;
const LONGEST_NAME = 40;
/** Lists are often named after a file, and that after its hash: so much of one tells which. */
const HASH = /([0-9a-f]{8})[0-9a-f]{24,}/gi;

/** Several flips as one notification: how many, at which sources, in which lists. Null where there is none. */
export function flipNotice(flips: readonly ChangeRow[], isMore: boolean): NotificationText | null {
  if (flips.length === 0) {
    return null;
  }
  const raised = new Set(flips.filter(({ flip }) => flip === 'raised').map(({ fileId }) => fileId)).size;
  const cleared = new Set(flips.filter(({ flip }) => flip === 'cleared').map(({ fileId }) => fileId)).size;
  const atLeast = isMore ? 'at least ' : '';
  const counts = [
    ...(raised === 0 ? [] : [`${atLeast}${files(raised)} turned malicious`]),
    ...(cleared === 0 ? [] : [`${atLeast}${files(cleared)} no longer malicious`]),
  ].join(', ');
  const sources = [...new Set(flips.map(({ source }) => sourceLabel(source)))].join(', ');
  return { title: `${counts.charAt(0).toUpperCase()}${counts.slice(1)}`, body: `${sources}. ${listWords(flips)}` };
}

function files(count: number): string {
  return `${grouped(count)} ${count === 1 ? 'file' : 'files'}`;
}

function listWords(flips: readonly ChangeRow[]): string {
  const titles = new Map(flips.flatMap(({ intakes }) => intakes.map(({ intakeId, title }) => [intakeId, title])));
  if (titles.size === 0) {
    return 'In no list that is kept.';
  }
  const named = [...titles.values()].slice(0, MOST_NAMED).map(nameOf);
  const more = titles.size - named.length;
  return `In ${named.join(', ')}${more === 0 ? '' : ` and ${grouped(more)} more ${more === 1 ? 'list' : 'lists'}`}.`;
}

/** A list's name as one short line. Whoever named it writes no markup, which some desktops follow, and no line of ours. */
function nameOf(title: string): string {
  const plain = title
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll('<', '‹')
    .replaceAll('>', '›')
    .replace(HASH, '$1…')
    .trim();
  return plain.length <= LONGEST_NAME ? plain : `${plain.slice(0, LONGEST_NAME - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
