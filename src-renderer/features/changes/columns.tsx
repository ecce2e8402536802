import type { ChangeRow, ItemState } from '#shared/contract/history.ts';
import type { DigestSetView } from '#shared/contract/common.ts';
import type { Disagreement } from '#shared/contract/review.ts';
import { sourceLabel, sourceShortLabel } from '#shared/domain/source.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { threatText } from '#shared/domain/threat-text.ts';
import { HashText } from '../../components/hash-text.tsx';
import { StatusMark, StatusWord, statusClass } from '../../components/status.tsx';
import { age, number, time } from '../../components/words.ts';
import type { Column } from '../../grid/column.ts';

/** The digest a file is shown by: its strongest. */
export function hashOf({ digests }: { readonly digests: DigestSetView }): string {
  return digests.sha256 ?? digests.sha1 ?? digests.md5 ?? '';
}

export function changeColumns(zone: Preferences['times'], now: number): readonly Column<ChangeRow>[] {
  return [
    {
      id: 'after',
      header: 'Says now',
      width: 132,
      sticky: true,
      render: ({ after }) => <StatusWord status={after.status} />,
    },
    {
      id: 'before',
      header: 'Said before',
      width: 148,
      render: ({ before }) => (
        <span className="becomes t2">
          <StatusMark status={before.status} />
          {before.noAnswer === 'not-known' ? 'did not know it' : before.status}
        </span>
      ),
    },
    {
      id: 'flip',
      header: 'Flip',
      width: 132,
      render: ({ flip }) =>
        flip === null ? (
          ''
        ) : (
          <span className="tag">{flip === 'raised' ? 'turned malicious' : 'no longer malicious'}</span>
        ),
    },
    { id: 'source', header: 'Source', width: 128, render: ({ source }) => sourceShortLabel(source) },
    { id: 'hash', header: 'Hash', width: 176, grow: true, render: (row) => <HashText hash={hashOf(row)} /> },
    {
      id: 'score',
      header: 'Score',
      width: 88,
      numeric: true,
      render: ({ before, after }) => <span className="t2">{scoreWords(before, after)}</span>,
    },
    {
      id: 'threat',
      header: 'Threat name',
      width: 140,
      grow: true,
      render: ({ source, after }) => (
        <span className="cut" title={threatText(source, after.threat) ?? ''}>
          {threatText(source, after.threat) ?? ''}
        </span>
      ),
    },
    {
      id: 'lists',
      header: 'Lists',
      width: 64,
      numeric: true,
      render: ({ intakeCount, intakes }) => (
        <span title={intakes.map(({ title }) => title).join('\n')}>
          {intakeCount === 0 ? '–' : number(intakeCount)}
        </span>
      ),
    },
    {
      id: 'at',
      header: 'When',
      width: 72,
      numeric: true,
      render: ({ at }) => (
        <span className="t2" title={time(at, zone)}>
          {age(at, now)}
        </span>
      ),
    },
  ];
}

function scoreWords(before: ItemState, after: ItemState): string {
  if (before.score === after.score) {
    return after.score === null ? '' : number(after.score);
  }
  return `${before.score === null ? '–' : number(before.score)} to ${after.score === null ? '–' : number(after.score)}`;
}

export function reviewColumns(zone: Preferences['times'], now: number): readonly Column<Disagreement>[] {
  return [
    {
      id: 'verdict',
      header: 'Verdict',
      width: 132,
      sticky: true,
      render: ({ verdict }) => <StatusWord status={verdict.status} />,
    },
    { id: 'hash', header: 'Hash', width: 176, grow: true, render: (row) => <HashText hash={hashOf(row)} /> },
    {
      id: 'says',
      header: 'Who says what',
      width: 320,
      grow: true,
      render: ({ says }) => (
        <span className="says" title={says.map(sayWords).join('\n')}>
          {says.map(({ source, status, score }) => (
            <span key={source} className={statusClass(status)}>
              <StatusMark status={status} />
              {sourceShortLabel(source)}
              <span className="visually-hidden">{status}</span>
              {score === '' ? null : <span className="score t3">{score}</span>}
            </span>
          ))}
        </span>
      ),
    },
    {
      id: 'lists',
      header: 'Lists',
      width: 64,
      numeric: true,
      render: ({ intakeCount }) => (intakeCount === 0 ? '–' : number(intakeCount)),
    },
    {
      id: 'since',
      header: 'Since',
      width: 72,
      numeric: true,
      render: ({ since }) => (
        <span className="t2" title={time(since, zone)}>
          {age(since, now)}
        </span>
      ),
    },
  ];
}

function sayWords({ source, status, score }: Disagreement['says'][number]): string {
  return `${sourceLabel(source)}: ${status}${score === '' ? '' : `, ${score}`}`;
}
