import type { SyncPlanRow } from '#shared/contract/sync.ts';
import { REASON_WORDS } from '#shared/domain/sync-reasons.ts';
import type { Column } from '../../../grid/column.ts';
import { NameText } from '../../../components/hash-text.tsx';
import { StatusWord } from '../../../components/status.tsx';
import { number } from '../../../components/words.ts';
import { shortPackage } from '../words.ts';
import { ActionMark } from './action-mark.tsx';

/**
 * What a run does, by indicator; packages without the name of their job. In the smallest window all columns are in sight:
 * those that grow are equally wide, because each takes the width of the widest of them.
 */
export function planColumns(jobName: string): readonly Column<SyncPlanRow>[] {
  return [
    {
      id: 'action',
      header: 'Change',
      width: 96,
      sticky: true,
      render: ({ action }) => <ActionMark action={action} />,
    },
    { id: 'type', header: 'Type', width: 64, render: ({ type }) => type },
    {
      id: 'indicator',
      header: 'Indicator',
      width: 146,
      grow: true,
      render: ({ summary }) => (
        <span className="mono">
          <NameText name={summary} />
        </span>
      ),
    },
    {
      id: 'rating',
      header: 'Rating',
      width: 64,
      numeric: true,
      render: ({ rating, oldRating }) => becomes(oldRating, rating),
    },
    {
      id: 'confidence',
      header: 'Conf. %',
      width: 68,
      numeric: true,
      render: ({ confidence, oldConfidence }) => becomes(oldConfidence, confidence),
    },
    {
      id: 'tags',
      header: 'Tags',
      width: 84,
      render: ({ tags }) => (
        <span className="cut t2" title={tags.join('\n')}>
          {tags.join(', ')}
        </span>
      ),
    },
    {
      id: 'package',
      header: 'Package',
      width: 96,
      render: (row) => (
        <span className="cut t2" title={row.package}>
          {shortPackage(row.package, jobName)}
        </span>
      ),
    },
    {
      id: 'why',
      header: 'Why',
      width: 146,
      grow: true,
      render: ({ reason, why }) => {
        // Of an own address the sentence begins with the indicator, which has a column of its own.
        const words = reason !== null && (reason === 'own' || why === '') ? REASON_WORDS[reason] : why;
        return (
          <span className="cut" title={why === '' ? words : why}>
            {words}
          </span>
        );
      },
    },
    {
      id: 'here',
      header: 'Here',
      width: 122,
      render: ({ here }) => (here === null ? <span className="t3">–</span> : <StatusWord status={here} />),
    },
  ];
}

function becomes(before: number | null, now: number | null): string {
  const word = (value: number | null): string => (value === null ? '–' : number(value));
  return before === null || before === now ? word(now) : `${word(before)} to ${word(now)}`;
}
