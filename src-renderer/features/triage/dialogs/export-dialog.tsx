import { useState, type ReactNode } from 'react';
import type { GridQuery, Selection } from '#shared/contract/intake.ts';
import { say, sayFault } from '../../../app/store.ts';
import { call } from '../../../bridge/client.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { Choice } from '../../../components/choice.tsx';
import { number } from '../../../components/words.ts';
import { EVERYTHING, isFiltered } from '../query.ts';

interface Props {
  readonly intakeId: number;
  readonly query: GridQuery;
  readonly total: number;
  readonly everything: number;
  readonly selected: number;
  readonly resolve: () => Promise<Selection | null>;
  readonly onClose: () => void;
}

type Which = 'selected' | 'shown' | 'all';

/** Which rows, in which form. The file is written in the background. */
export function ExportDialog(props: Props): ReactNode {
  const { intakeId, query, selected, onClose } = props;
  const filtered = isFiltered(query);
  const [which, setWhich] = useState<Which>(selected > 0 ? 'selected' : filtered ? 'shown' : 'all');
  const [format, setFormat] = useState<'csv' | 'jsonl'>('csv');

  const start = async (): Promise<void> => {
    try {
      const selection: Selection | null =
        which === 'selected'
          ? await props.resolve()
          : {
              kind: 'query',
              query: which === 'shown' ? query : { ...EVERYTHING, sort: 'position', descending: false },
            };
      if (selection !== null) {
        await call('intake.export', { intakeId, selection, format });
      }
      onClose();
    } catch (error) {
      onClose();
      if (error instanceof RangeError) {
        say(error.message, { isError: true });
      } else {
        sayFault(error);
      }
    }
  };
  return (
    <Dialog title="Export" action="Export" onClose={onClose} onAction={() => void start()}>
      <Choice
        legend="Rows"
        value={which}
        onValue={setWhich}
        options={[
          ...(selected > 0 ? [{ value: 'selected' as const, label: `Selected, ${number(selected)}` }] : []),
          ...(filtered ? [{ value: 'shown' as const, label: `Shown by the filter, ${number(props.total)}` }] : []),
          { value: 'all' as const, label: `All, ${number(props.everything)}` },
        ]}
      />
      <Choice
        legend="Form"
        value={format}
        onValue={setFormat}
        options={[
          { value: 'csv', label: 'CSV with all columns of the list' },
          { value: 'jsonl', label: 'JSONL, one object a row' },
        ]}
      />
    </Dialog>
  );
}
