import { columnsOf, fit, pad, visible } from './plain-text.ts';

/** One column of a table. Cells are made visible, cut and padded here; `paint` colours the finished cell. */
export interface TableColumn<R> {
  readonly header: string;
  readonly cell: (row: R) => string;
  readonly align?: 'left' | 'right';
  readonly cut?: 'end' | 'middle' | 'start';
  /** Fewest columns it may shrink to; without it the column keeps its width. */
  readonly least?: number;
  readonly paint?: (row: R, text: string) => string;
}

const GAP = '  ';

/**
 * Rows as lines of aligned columns, header first. With a width, shrinkable columns give way, the widest first, so that
 * no line is longer; without one nothing is cut.
 */
export function tableLines<R>(
  columns: readonly TableColumn<R>[],
  rows: readonly R[],
  width: number | null,
  paintHeader: (text: string) => string = (text) => text,
): string[] {
  const cells = rows.map((row) => columns.map((column) => visible(column.cell(row))));
  const widths = columns.map((column, index) =>
    cells.reduce((most, row) => Math.max(most, columnsOf(row[index] ?? '')), columnsOf(column.header)),
  );
  if (width !== null) {
    shrink(columns, widths, width - GAP.length * (columns.length - 1));
  }
  const line = (texts: readonly string[], paint: (index: number, text: string) => string): string =>
    columns
      .map((column, index) => {
        const own = widths[index] ?? 0;
        const text = fit(texts[index] ?? '', own, column.cut);
        const padded =
          index === columns.length - 1 && column.align !== 'right'
            ? text
            : pad(text, own, column.align === 'right' ? 'right' : 'left');
        return paint(index, padded);
      })
      .join(GAP)
      .trimEnd();
  const head = line(
    columns.map((column) => column.header),
    (_, text) => paintHeader(text),
  );
  return [
    head,
    ...rows.map((row, at) => line(cells[at] ?? [], (index, text) => columns[index]?.paint?.(row, text) ?? text)),
  ];
}

function shrink<R>(columns: readonly TableColumn<R>[], widths: number[], room: number): void {
  let over = widths.reduce((sum, own) => sum + own, 0) - room;
  while (over > 0) {
    let widest = -1;
    for (const [index, column] of columns.entries()) {
      const own = widths[index] ?? 0;
      if (column.least !== undefined && own > column.least && (widest === -1 || own > (widths[widest] ?? 0))) {
        widest = index;
      }
    }
    if (widest === -1) {
      return;
    }
    widths[widest] = (widths[widest] ?? 0) - 1;
    over -= 1;
  }
}
