import type { Column } from './column.ts';

/** Which columns somebody hid, and which of those without any value somebody wants to see. */
export interface ColumnChoice {
  readonly hidden: readonly string[];
  readonly shown?: readonly string[] | undefined;
}

export function isShown<Row>({ id, isEmpty }: Column<Row>, { hidden, shown = [] }: ColumnChoice): boolean {
  return isEmpty === true ? shown.includes(id) : !hidden.includes(id);
}

/** Shows a column that is hidden, and the other way round. */
export function toggled<Row>(
  column: Column<Row>,
  { hidden, shown = [] }: ColumnChoice,
): { hidden: string[]; shown: string[] } {
  const turned = (ids: readonly string[]): string[] =>
    ids.includes(column.id) ? ids.filter((id) => id !== column.id) : [...ids, column.id];
  return column.isEmpty === true
    ? { hidden: [...hidden], shown: turned(shown) }
    : { hidden: turned(hidden), shown: [...shown] };
}
