import type { SyncIndicatorView } from '#shared/contract/sync.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { REASON_WORDS } from '#shared/domain/sync-reasons.ts';
import { NameText } from '../../../components/hash-text.tsx';
import { number, time } from '../../../components/words.ts';
import type { Column } from '../../../grid/column.ts';
import { shortPackage } from '../words.ts';

type IndicatorColumn = Column<SyncIndicatorView>;

const TYPE: IndicatorColumn = { id: 'type', header: 'Type', width: 66, render: ({ type }) => type };
const INDICATOR: IndicatorColumn = {
  id: 'indicator',
  header: 'Indicator',
  width: 150,
  grow: true,
  render: ({ summary }) => (
    <span className="mono">
      <NameText name={summary} />
    </span>
  ),
};
const OWNER: IndicatorColumn = {
  id: 'owner',
  header: 'Owner',
  width: 96,
  render: ({ owner }) => <Cut text={owner} />,
};
const RATING: IndicatorColumn = {
  id: 'rating',
  header: 'Rating',
  width: 56,
  numeric: true,
  render: ({ rating }) => (rating === null ? '–' : number(rating)),
};
const CONFIDENCE: IndicatorColumn = {
  id: 'confidence',
  header: 'Conf. %',
  width: 60,
  numeric: true,
  render: ({ confidence }) => (confidence === null ? '–' : number(confidence)),
};
const TAGS: IndicatorColumn = {
  id: 'tags',
  header: 'Tags',
  width: 80,
  grow: true,
  render: ({ tags }) => <Cut text={tags.join(', ')} />,
};

/** What is in Threat Response. */
export function sentColumns(jobName: string, zone: Preferences['times']): readonly IndicatorColumn[] {
  return [
    TYPE,
    INDICATOR,
    OWNER,
    RATING,
    CONFIDENCE,
    TAGS,
    {
      id: 'package',
      header: 'Package',
      width: 112,
      render: (row) => <Cut text={shortPackage(row.package, jobName)} />,
    },
    {
      id: 'modified',
      header: 'Last Modified',
      width: 128,
      render: ({ modifiedAt }) => <span className="t2">{time(modifiedAt / 1000, zone)}</span>,
    },
  ];
}

/** What is held back, or was and is released. */
export const HELD_COLUMNS: readonly IndicatorColumn[] = [
  {
    id: 'state',
    header: 'State',
    width: 92,
    sticky: true,
    render: ({ released }) => (released ? 'released' : 'held back'),
  },
  TYPE,
  INDICATOR,
  {
    id: 'reason',
    header: 'Why',
    width: 170,
    grow: true,
    render: ({ held, heldBy }) => (
      <Cut text={[held === null ? '' : REASON_WORDS[held], heldBy].filter((text) => text !== '').join(': ')} />
    ),
  },
  OWNER,
  RATING,
  CONFIDENCE,
  TAGS,
];

function Cut({ text }: { readonly text: string }) {
  return (
    <span className="cut t2" title={text}>
      {text}
    </span>
  );
}
