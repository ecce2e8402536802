import { useContext, type ReactNode } from 'react';
import type { BoardTableId } from '#shared/domain/usage/panels.ts';
import { MenuItem } from '../../../components/menu.tsx';
import { BoardContext } from '../board/board-context.ts';
import { exportTable } from '../board/export.ts';

/** What can be done with a table of the board besides what all panels can. */
export function TableItems({ table }: { readonly table: BoardTableId }): ReactNode {
  const { stretch } = useContext(BoardContext);
  return <MenuItem onSelect={() => void exportTable(table, stretch)}>CSV…</MenuItem>;
}
