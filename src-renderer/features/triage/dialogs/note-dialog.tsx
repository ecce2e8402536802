import { useState, type ReactNode } from 'react';
import type { IntakeSummary } from '#shared/contract/intake.ts';
import { sayFault } from '../../../app/store.ts';
import { call } from '../../../bridge/client.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { counted } from '../../../components/words.ts';
import { forget } from '../actions.ts';

interface Props {
  readonly intake: IntakeSummary;
  readonly onClose: () => void;
}

export function NoteDialog({ intake, onClose }: Props): ReactNode {
  const [note, setNote] = useState(intake.note);
  const save = (): void => {
    call('intake.setNote', { intakeId: intake.id, note }).then(onClose, sayFault);
  };
  return (
    <Dialog title={`Note on ${intake.title}`} action="Save" onClose={onClose} onAction={save}>
      <label className="stack">
        <span className="visually-hidden">Note</span>
        <textarea
          className="field area"
          rows={8}
          maxLength={20_000}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </label>
    </Dialog>
  );
}

export function RemoveDialog({ intake, onClose }: Props): ReactNode {
  return (
    <Dialog
      title={`Remove ${intake.title}`}
      action="Remove"
      danger
      onClose={onClose}
      onAction={() => {
        onClose();
        forget(intake.id);
      }}
    >
      <p>
        {counted(intake.accounting.hashes, 'hash', 'hashes')}, their verdicts as triaged, the carried columns and the
        note are removed from disk. The original files, the cache and the hash list stay as they are. This cannot be
        undone.
      </p>
    </Dialog>
  );
}
