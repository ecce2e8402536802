import { useState, type ReactNode } from 'react';
import type { Annotated } from '#shared/contract/annotations.ts';
import { asTag, NOTE_LENGTH } from '#shared/domain/annotation.ts';
import { JobProgress } from '../../app/frame/job-progress.tsx';
import { say, useApp } from '../../app/store.ts';
import { useCall } from '../../bridge/use-call.ts';
import { Dialog } from '../../components/dialog.tsx';
import { useIsOpen } from '../../components/use-is-open.ts';
import { useOneRun } from '../../components/use-one-run.ts';
import { counted, number } from '../../components/words.ts';
import { changeOf, tagsOf, UNCHANGED, withoutTag, withTag, type Draft, type Summary } from './draft.ts';
import { save } from './save.ts';
import { TagField } from './tag-field.tsx';

interface Props {
  readonly target: Annotated;
  readonly onClose: () => void;
}

/**
 * Note and tags of one file or of many at once. What is there stays until Save, and Undo brings it back after. What is
 * typed stays until it is written: a fault is said here, and closed meanwhile, the writing goes on. Nothing is taken in
 * while it does, because nobody would write it.
 */
export function AnnotateDialog({ target, onClose }: Props): ReactNode {
  const { value, error } = useCall('annotation.of', { target });
  const [draft, setDraft] = useState<Draft>(UNCHANGED);
  const [typed, setTyped] = useState('');
  const [isWrong, setIsWrong] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const { isRunning, run } = useOneRun();
  const isOpen = useIsOpen();
  const pending = asTag(typed);
  const whole = pending === null ? draft : withTag(draft, pending);
  const change = value === null ? null : changeOf(value, whole);
  const write = async (input: Parameters<typeof save>[0]): Promise<void> => {
    setFault(null);
    const sentence = await save(input);
    if (!isOpen()) {
      if (sentence !== null) {
        say(sentence, { isError: true });
      }
    } else if (sentence === null) {
      onClose();
    } else {
      setFault(sentence);
    }
  };
  const submit = (): void => {
    if (typed.trim() !== '' && pending === null) {
      setIsWrong(true);
    } else if (change !== null) {
      run(() => write({ target, ...change }));
    }
  };
  return (
    <Dialog
      title={value === null || value.files === 1 ? 'Note and tags' : `Note and tags of ${counted(value.files, 'row')}`}
      action="Save"
      {...(isRunning ? { dismiss: 'Close' } : {})}
      disabled={value === null || change === null || isRunning}
      onClose={onClose}
      onAction={submit}
    >
      {error === null ? null : <p role="alert">{error}</p>}
      {value === null ? null : (
        <div className="stack annotate">
          <TagField
            tags={tagsOf(value, draft)}
            files={value.files}
            text={typed}
            onText={(text) => {
              setIsWrong(false);
              setTyped(text);
            }}
            isWriting={isRunning}
            isWrong={isWrong}
            onWrong={() => setIsWrong(true)}
            onAdd={(tag) => setDraft(withTag(draft, tag))}
            onRemove={(tag) => setDraft(withoutTag(draft, tag))}
          />
          <NoteField
            summary={value}
            draft={draft}
            isWriting={isRunning}
            onNote={(note) => setDraft({ ...draft, note })}
          />
          <p className="tiny t2">
            Kept with the file, not with this list: every list, look-up and report that shows it shows them. Nothing of
            it leaves this machine by itself.
          </p>
          {fault === null ? null : <p role="alert">{fault}</p>}
          {isRunning ? <Writing /> : null}
        </div>
      )}
    </Dialog>
  );
}

/** Many files are written on as a job, which says how far it is. */
function Writing(): ReactNode {
  const job = useApp(({ jobs }) => jobs.find(({ kind, state }) => kind === 'annotate' && state === 'running'));
  return job === undefined ? (
    <p className="small t2" role="status">
      Writing…
    </p>
  ) : (
    <JobProgress job={job} />
  );
}

function NoteField({
  summary,
  draft,
  isWriting,
  onNote,
}: {
  readonly summary: Summary;
  readonly draft: Draft;
  readonly isWriting: boolean;
  readonly onNote: (note: string) => void;
}): ReactNode {
  const differs = summary.note === null;
  return (
    <label className="stack">
      <span className="small medium">Note</span>
      <textarea
        className="field area"
        rows={6}
        maxLength={NOTE_LENGTH}
        readOnly={isWriting}
        placeholder={
          differs
            ? `${number(summary.noted)} of ${number(summary.files)} rows have a note. What is written here takes its place on all.`
            : ''
        }
        value={draft.note ?? summary.note ?? ''}
        onChange={(event) => onNote(event.target.value)}
      />
    </label>
  );
}
