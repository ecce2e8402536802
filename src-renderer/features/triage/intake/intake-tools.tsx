import { useState, type ReactNode } from 'react';
import type { GridQuery, GridRow, IntakeSummary } from '#shared/contract/intake.ts';
import type { ListSide } from '#shared/domain/evidence.ts';
import { sayFault } from '../../../app/store.ts';
import { call } from '../../../bridge/client.ts';
import { FilterField } from '../../../components/filter-field.tsx';
import { Menu, MenuCheck, MenuItem } from '../../../components/menu.tsx';
import type { Column } from '../../../grid/column.ts';
import { isShown, toggled, type ColumnChoice } from '../../../grid/shown-columns.ts';
import { NoteDialog, RemoveDialog } from '../dialogs/note-dialog.tsx';

interface Props {
  readonly intake: IntakeSummary | null;
  readonly disabled: boolean;
  readonly query: GridQuery;
  readonly onQuery: (query: GridQuery) => void;
  readonly columns: readonly Column<GridRow>[];
  readonly choice: ColumnChoice;
  readonly onChoice: (choice: { hidden: string[]; shown: string[] }) => void;
  readonly onExport: () => void;
  /** What the scan button says; null where nothing is there to ask, or nothing may be asked. */
  readonly scanLabel: string | null;
  /** A scan of this list goes on. */
  readonly isScanning: boolean;
  readonly onScan: () => void;
  readonly onDetail: () => void;
  readonly detailOpen: boolean;
  readonly selected: number;
  readonly onCopy: (as: 'list' | 'tsv' | 'defanged') => void;
  readonly onList: (side: ListSide) => void;
  readonly onAnnotate: () => void;
}

/** Filter, columns, what to do with rows, and what to do with the intake. */
export function IntakeTools(props: Props): ReactNode {
  const { intake, disabled, query, onQuery, choice } = props;
  const [dialog, setDialog] = useState<'none' | 'note' | 'remove'>('none');
  const toggleEmbargo = (): void => {
    if (intake !== null) {
      call('intake.setEmbargo', { intakeId: intake.id, embargo: !intake.embargo }).catch(sayFault);
    }
  };
  return (
    <div className="tools">
      <FilterField
        label="Filter by hash, carried text, note or tag"
        value={query.text}
        onValue={(text) => onQuery({ ...query, text })}
      />
      <Menu label="Columns" disabled={disabled}>
        {props.columns.map((column) => (
          <MenuCheck
            key={column.id}
            checked={isShown(column, choice)}
            disabled={column.id === 'verdict'}
            onToggle={() => props.onChoice(toggled(column, choice))}
          >
            {column.header}
            {column.isEmpty === true ? <span className="t2"> (empty)</span> : null}
          </MenuCheck>
        ))}
      </Menu>
      <div className="end">
        {intake === null ? null : (
          <label className="row small switchrow" title="No hash of this intake may ever be asked about outside">
            <input type="checkbox" role="switch" className="switch" checked={intake.embargo} onChange={toggleEmbargo} />
            Never ask for this list
          </label>
        )}
        {intake === null ? null : (
          <button type="button" className="button" onClick={() => setDialog('note')}>
            {intake.note === '' ? 'Add list note' : 'List note'}
          </button>
        )}
        <Menu label="Rows" disabled={disabled}>
          <MenuItem onSelect={() => props.onList('malicious')}>
            Add to hash list as malicious <kbd>m</kbd>
          </MenuItem>
          <MenuItem onSelect={() => props.onList('non-malicious')}>
            Add to hash list as non-malicious <kbd>g</kbd>
          </MenuItem>
          <MenuItem onSelect={props.onAnnotate}>
            Note and tags… <kbd>t</kbd>
          </MenuItem>
          <MenuItem onSelect={() => props.onCopy('list')}>
            Copy hashes <kbd>c</kbd>
          </MenuItem>
          <MenuItem onSelect={() => props.onCopy('tsv')}>Copy as table</MenuItem>
          <MenuItem onSelect={() => props.onCopy('defanged')}>Copy defanged</MenuItem>
        </Menu>
        <button
          type="button"
          className="button"
          aria-pressed={props.detailOpen}
          disabled={disabled}
          onClick={props.onDetail}
        >
          Detail
        </button>
        <button type="button" className="button" onClick={() => setDialog('remove')} disabled={intake === null}>
          Remove…
        </button>
        <button type="button" className="button" disabled={disabled} onClick={props.onExport}>
          Export <kbd>e</kbd>
        </button>
        {props.scanLabel === null ? null : (
          <button
            type="button"
            className={props.isScanning ? 'button' : 'button primary'}
            title={props.isScanning ? 'A scan of this list goes on; what it queued is not asked twice' : undefined}
            disabled={disabled}
            onClick={props.onScan}
          >
            {props.scanLabel}
          </button>
        )}
      </div>
      {dialog === 'note' && intake !== null ? <NoteDialog intake={intake} onClose={() => setDialog('none')} /> : null}
      {dialog === 'remove' && intake !== null ? (
        <RemoveDialog intake={intake} onClose={() => setDialog('none')} />
      ) : null}
    </div>
  );
}
