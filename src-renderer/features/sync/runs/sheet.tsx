import type { ReactNode } from 'react';
import { counted } from '../../../components/words.ts';
import { Pager } from './pager.tsx';

interface Props {
  readonly label: string;
  readonly state: {
    readonly error: string | null;
    /** Null until the first answer came. */
    readonly total: number | null;
    readonly offset: number;
    readonly page: number;
    readonly words: readonly [string, string];
    readonly onOffset: (offset: number) => void;
  };
  /** Without a width a column takes what is left. */
  readonly columns: readonly { readonly name: string; readonly width?: number; readonly numeric?: boolean }[];
  /** What it means that there is no line. */
  readonly nothing: string;
  readonly children: ReactNode;
}

/** A paged table that scrolls in what is left of the view. */
export function Sheet({ label, state, columns, nothing, children }: Props): ReactNode {
  const { error, total, offset, page, words, onOffset } = state;
  if (error !== null || total === 0) {
    return (
      <div className="starting" role={error === null ? undefined : 'alert'}>
        <p className={error === null ? 't2' : undefined}>{error ?? nothing}</p>
      </div>
    );
  }
  return (
    <>
      <div className="belowscroll" tabIndex={0} role="region" aria-label={label} aria-busy={total === null}>
        <table className="sheet fixed syncsheet">
          <colgroup>
            {columns.map(({ name, width }) => (
              <col key={name} style={width === undefined ? {} : { width }} />
            ))}
          </colgroup>
          <thead>
            <tr>
              {columns.map(({ name, numeric }) => (
                <th key={name} scope="col" className={numeric === true ? 'num' : undefined}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </div>
      <p className="belowfoot small t3">
        <span>{total === null ? '' : counted(total, 'line')}</span>
        <Pager offset={offset} page={page} total={total ?? 0} words={words} onOffset={onOffset} />
      </p>
    </>
  );
}
