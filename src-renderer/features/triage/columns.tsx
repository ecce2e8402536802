import type { GridRow } from '#shared/contract/intake.ts';
import { verdictBasisLabel } from '#shared/domain/why.ts';
import { DIGEST_LABEL } from '#shared/domain/hash.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { HashText, NameText } from '../../components/hash-text.tsx';
import { ConflictMark, StatusWord } from '../../components/status.tsx';
import { age, nowSeconds, number, time } from '../../components/words.ts';
import type { Column } from '../../grid/column.ts';

/** The columns of an intake: what Assay says, where it came from, then everything the list carried. */
export function triageColumns(carried: readonly string[], zone: Preferences['times']): readonly Column<GridRow>[] {
  const now = nowSeconds();
  return [
    {
      id: 'verdict',
      header: 'Verdict',
      width: 140,
      sort: 'verdict',
      sticky: true,
      render: (row) => (
        <span className="row spread">
          <StatusWord status={row.verdict.status} />
          {row.verdict.flags.includes('conflict') ? <ConflictMark /> : null}
        </span>
      ),
    },
    { id: 'hash', header: 'Hash', width: 176, grow: true, sort: 'hash', render: (row) => <HashText hash={row.hash} /> },
    {
      id: 'kind',
      header: 'Kind',
      width: 72,
      sort: 'kind',
      render: (row) => <span className="t2">{DIGEST_LABEL[row.kind]}</span>,
    },
    {
      id: 'basis',
      header: 'Basis',
      width: 136,
      sort: 'source',
      render: (row) => (
        <span className="t2 cut" title={flagWords(row)}>
          {verdictBasisLabel(row.verdict)}
          {row.verdict.flags.includes('ambiguous') ? ' · ambiguous' : ''}
        </span>
      ),
    },
    {
      id: 'age',
      header: 'Age',
      width: 92,
      numeric: true,
      sort: 'age',
      render: (row) => (
        <span className="agecell" title={time(row.verdict.answeredAt, zone)}>
          {row.verdict.flags.includes('stale') ? <span className="tag">stale</span> : null}
          <span>{age(row.verdict.answeredAt, now)}</span>
        </span>
      ),
    },
    {
      id: 'line',
      header: 'Line',
      width: 76,
      numeric: true,
      sort: 'position',
      render: (row) => (
        <span className="t2" title={`${row.file}, ${number(row.occurrences)} times`}>
          {number(row.line)}
          {row.occurrences > 1 ? ` ×${number(row.occurrences)}` : ''}
        </span>
      ),
    },
    ...inDisplayOrder(carried).map(({ name, place }, rank): Column<GridRow> => ({
      id: `carried:${name}:${place}`,
      header: name,
      width: 120,
      grow: rank < 2,
      render: (row) => <NameText name={row.carried[place] ?? ''} />,
    })),
  ];
}

/** Names and paths of files first: they are what people recognise. Exports keep the list's own order. */
export function inDisplayOrder(
  carried: readonly string[],
): readonly { readonly name: string; readonly place: number }[] {
  const named = carried.map((name, place) => ({ name, place }));
  const isFile = ({ name }: { readonly name: string }): boolean => /path|file|image|^name$/i.test(name);
  return [...named.filter(isFile), ...named.filter((column) => !isFile(column))];
}

const FLAG_WORDS: Readonly<Record<string, string>> = {
  weak: 'matched by MD5 or SHA-1 alone',
  ambiguous: 'the digest stands for several files',
  asserted: 'raised by a digest that only the list ties to it',
  listedBothSides: 'on both sides of the hash list',
  conflict: 'answers disagree',
  stale: 'older than the stale limit',
};

/** What a reader must know beside the verdict, in words. */
export function flagWords(row: { readonly verdict: { readonly flags: readonly string[] } }): string {
  return row.verdict.flags.map((flag) => FLAG_WORDS[flag] ?? flag).join('; ');
}
