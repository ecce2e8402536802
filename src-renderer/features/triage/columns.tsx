import type { GridRow } from '#shared/contract/intake.ts';
import { verdictBasisLabel } from '#shared/domain/why.ts';
import { DIGEST_LABEL } from '#shared/domain/hash.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { HashText, NameText } from '../../components/hash-text.tsx';
import { ConflictMark, StatusWord } from '../../components/status.tsx';
import { age, number, time } from '../../components/words.ts';
import type { Column } from '../../grid/column.ts';
import { TagCell } from '../annotations/index.ts';

/**
 * Narrowest hash and what shares the room that is left with it: verdict, hash, name, basis, age, line and tags stand beside
 * the detail in a window of 1,280 pixels, with a scroll bar.
 */
const NARROW_HASH = 124;

/**
 * The columns of an intake: what Assay says, where it came from, then everything the list carried. Several inputs may name
 * their files in columns of different names; the first of these then shows whichever a row has, and a column names the
 * input. Columns without any value stand last. `tagsWidth` is how wide the column of tags stands, in pixels.
 */
export function triageColumns(
  carried: readonly string[],
  zone: Preferences['times'],
  now: number,
  written: { readonly tags: readonly unknown[]; readonly noted: number } = NOTHING_WRITTEN,
  inputs = 1,
  tagsWidth = TAGS_WIDTH,
  { empty = [], outer = '' }: ListFacts = {},
): readonly Column<GridRow>[] {
  const order = inDisplayOrder(carried).filter(({ place }) => !empty.includes(place));
  const first = order[0];
  const isNamed = first !== undefined && isFileColumn(first.name);
  const names = inputs > 1 ? order.filter(({ name }) => isFileColumn(name)) : [];
  return [
    {
      id: 'verdict',
      header: 'Verdict',
      width: 132,
      sort: 'verdict',
      sticky: true,
      render: (row) => (
        <span className="row spread">
          <StatusWord status={row.verdict.status} />
          {row.verdict.flags.includes('conflict') ? <ConflictMark /> : null}
        </span>
      ),
    },
    {
      id: 'hash',
      header: 'Hash',
      width: 168,
      narrow: NARROW_HASH,
      grow: true,
      sort: 'hash',
      render: (row) => <HashText hash={row.hash} />,
    },
    ...(isNamed ? [names.length > 1 ? fileColumn(first, names) : carriedColumn(first, true)] : []),
    {
      id: 'basis',
      header: 'Basis',
      width: 128,
      sort: 'source',
      render: (row) => (
        <span className="t2 cut" title={[verdictBasisLabel(row.verdict), flagWords(row)].filter(Boolean).join('; ')}>
          {verdictBasisLabel(row.verdict).replace(MAKER, '')}
          {row.verdict.flags.includes('ambiguous') ? ' · ambiguous' : ''}
        </span>
      ),
    },
    {
      id: 'age',
      header: 'Age',
      width: 88,
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
      width: 72,
      numeric: true,
      sort: 'position',
      render: (row) => (
        <span className="t2" title={`${row.file}, ${number(row.occurrences)} times`}>
          {row.occurrences > 1 ? <span className="times">×{number(row.occurrences)}</span> : null}
          {row.line === 0 ? '–' : number(row.line)}
        </span>
      ),
    },
    ...(written.tags.length > 0 ? [tagsColumn(tagsWidth)] : []),
    ...(inputs > 1 ? [inputColumn(outer)] : []),
    {
      id: 'kind',
      header: 'Kind',
      width: 68,
      sort: 'kind',
      render: (row) => <span className="t2">{DIGEST_LABEL[row.kind]}</span>,
    },
    ...(written.noted > 0 ? [NOTE] : []),
    ...order.slice(isNamed ? 1 : 0).map((column, rank) => carriedColumn(column, rank < 2)),
    ...empty.map((place) => ({ ...carriedColumn({ name: carried[place] ?? '', place }, false), isEmpty: true })),
  ];
}

const TAGS_WIDTH = 120;
const NOTHING_WRITTEN = { tags: [], noted: 0 };

/** What people wrote on the files; each column appears with the first of its kind. */
function tagsColumn(width: number): Column<GridRow> {
  return {
    id: 'tags',
    header: 'Tags',
    width: TAGS_WIDTH,
    sort: 'tags',
    render: (row) => <TagCell tags={row.tags} width={width} />,
  };
}

const NOTE: Column<GridRow> = {
  id: 'note',
  header: 'Note',
  width: 120,
  grow: true,
  render: (row) => (
    <bdi className="cut" title={row.note}>
      {row.note}
    </bdi>
  ),
};

/** What else is known of a list. */
interface ListFacts {
  /** Places of the carried columns in which no row has anything. */
  readonly empty?: readonly number[];
  /** The one archive, workbook or document everything was taken out of; '' where there is none. */
  readonly outer?: string;
}

/** The file, the member of an archive or the sheet a row came from. What all of them lie in need not be said in each row. */
function inputColumn(outer: string): Column<GridRow> {
  const before = `${outer} › `;
  return {
    id: 'input',
    header: 'Input',
    width: 140,
    sort: 'input',
    render: ({ input }) => (
      <NameText name={outer !== '' && input.startsWith(before) ? input.slice(before.length) : input} whole={input} />
    ),
  };
}

interface CarriedPlace {
  readonly name: string;
  readonly place: number;
}

function carriedColumn({ name, place }: CarriedPlace, grow: boolean): Column<GridRow> {
  return {
    id: `carried:${name}:${place}`,
    header: name === '' ? `Column ${place + 1}` : name,
    width: 120,
    grow,
    render: (row) => <NameText name={row.carried[place] ?? ''} />,
  };
}

/** What a row's input names the file, in whatever column that is. */
function fileColumn(first: CarriedPlace, names: readonly CarriedPlace[]): Column<GridRow> {
  return {
    ...carriedColumn(first, true),
    header: 'File',
    render: (row) => (
      <NameText name={names.map(({ place }) => row.carried[place] ?? '').find((value) => value !== '') ?? ''} />
    ),
  };
}

/** Names and paths of files first: they are what people recognise. Exports keep the list's own order. */
export function inDisplayOrder(carried: readonly string[]): readonly CarriedPlace[] {
  const named = carried.map((name, place) => ({ name, place }));
  return [...named.filter(({ name }) => isFileColumn(name)), ...named.filter(({ name }) => !isFileColumn(name))];
}

function isFileColumn(name: string): boolean {
  return FILE_COLUMN.test(name);
}

/** A profile names no file, and the size or version of a file is not its name. */
const FILE_COLUMN = /path|image|^name$|(?<!pro)file(?!.?(?:size|type|version|hash|description|created|modified))/i;

/** The maker's name gives way where its products are told apart without it. */
const MAKER = /^ReversingLabs /;

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
