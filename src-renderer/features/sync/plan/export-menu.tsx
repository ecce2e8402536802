import type { ReactNode } from 'react';
import type { CallInput } from '#shared/contract/index.ts';
import { sayFault } from '../../../app/store.ts';
import { call } from '../../../bridge/client.ts';
import { Menu, MenuItem } from '../../../components/menu.tsx';
import { counted } from '../../../components/words.ts';

interface Props {
  readonly query: Omit<CallInput<'sync.exportPlan'>, 'format'>;
  /** Rows the query names. */
  readonly total: number;
}

/** Writes the rows that are shown to a file, in the background. */
export function ExportMenu({ query, total }: Props): ReactNode {
  const write = (format: 'csv' | 'jsonl'): void =>
    void call('sync.exportPlan', { ...query, format }).then(undefined, sayFault);
  return (
    <Menu label="Export">
      <MenuItem onSelect={() => write('csv')}>CSV, {counted(total, 'row')}</MenuItem>
      <MenuItem onSelect={() => write('jsonl')}>JSONL, one object a row</MenuItem>
    </Menu>
  );
}
