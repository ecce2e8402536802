import type { ListEntry } from '#shared/contract/hash-list.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { HashText } from '../../components/hash-text.tsx';
import { StatusWord } from '../../components/status.tsx';
import { age, number, time } from '../../components/words.ts';
import type { Column } from '../../grid/column.ts';
import { leadingHash } from './list-actions.ts';

export function listColumns(zone: Preferences['times'], now: number): readonly Column<ListEntry>[] {
  return [
    {
      id: 'side',
      header: 'List',
      width: 132,
      sort: 'side',
      sticky: true,
      render: (row) => <StatusWord status={row.side} />,
    },
    {
      id: 'hash',
      header: 'Hash',
      width: 176,
      grow: true,
      sort: 'hash',
      render: (row) => <HashText hash={leadingHash(row)} />,
    },
    {
      id: 'digests',
      header: 'Digests',
      width: 72,
      numeric: true,
      render: (row) => (
        <span className="t2">{Object.values(row.digests).filter((hash) => hash !== undefined).length}</span>
      ),
    },
    {
      id: 'note',
      header: 'Note',
      width: 160,
      grow: true,
      sort: 'note',
      render: (row) => (
        <span className="cut" title={[row.note, row.reason].filter((text) => text !== '').join('\n')}>
          {row.note || row.reason}
        </span>
      ),
    },
    {
      id: 'addedBy',
      header: 'Added by',
      width: 104,
      sort: 'addedBy',
      render: (row) => <span className="t2 cut">{row.addedBy}</span>,
    },
    {
      id: 'addedAt',
      header: 'Added',
      width: 80,
      numeric: true,
      sort: 'addedAt',
      render: (row) => (
        <span className="t2" title={time(row.addedAt, zone)}>
          {age(row.addedAt, now)}
        </span>
      ),
    },
    {
      id: 'expiresAt',
      header: 'Expires',
      width: 92,
      numeric: true,
      sort: 'expiresAt',
      render: (row) => (
        <span className="t2" title={row.expiresAt === null ? 'never' : time(row.expiresAt, zone)}>
          {row.expiresAt === null
            ? '–'
            : row.expired
              ? 'expired'
              : `in ${number(Math.ceil((row.expiresAt - now) / 86_400))} d`}
        </span>
      ),
    },
    {
      id: 'seenIn',
      header: 'Seen in',
      width: 76,
      numeric: true,
      render: (row) => <span>{row.seenIn === 0 ? '–' : number(row.seenIn)}</span>,
    },
  ];
}
