import type { ReactNode } from 'react';

/** One column of a grid. Widths are pixels; `grow` columns share what is left. */
export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  readonly width: number;
  readonly grow?: boolean;
  /** Least width of a growing column in a grid that has little room; absent: `width`. */
  readonly narrow?: number;
  readonly numeric?: boolean;
  /** Stays at the left edge when the grid is scrolled sideways. */
  readonly sticky?: boolean;
  /** No row has anything in it: it is shown only when somebody chose it. */
  readonly isEmpty?: boolean;
  /** Name of the sort this header asks for; absent: not sortable. */
  readonly sort?: string;
  readonly render: (row: Row) => ReactNode;
}

export const NARROWEST = 48;

/** The grid-template-columns of the shown columns; `widths` overrule what a column was born with. */
export function templateOf<Row>(columns: readonly Column<Row>[], widths: Readonly<Record<string, number>>): string {
  const sizes = columns.map((column) => {
    const own = widths[column.id];
    if (own !== undefined) {
      return `${own}px`;
    }
    return column.grow === true ? `minmax(${leastOf(column)}, 1fr)` : `${column.width}px`;
  });
  return ['32px', ...sizes].join(' ');
}

/** Share of the grid's width a column that can be narrow takes until it has its own. */
const NARROW_SHARE = 14.5;

function leastOf<Row>({ width, narrow }: Column<Row>): string {
  return narrow === undefined ? `${width}px` : `clamp(${narrow}px, ${NARROW_SHARE}cqw, ${width}px)`;
}
