import { useEffect, useId, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { asTag, TAG_LENGTH, tagKey } from '#shared/domain/annotation.ts';
import { useCall } from '../../bridge/use-call.ts';
import { number } from '../../components/words.ts';
import type { DraftTag } from './draft.ts';

/** Known tags offered while typing. */
const OFFERED = 200;

interface Props {
  readonly tags: readonly DraftTag[];
  readonly files: number;
  readonly onAdd: (tag: string) => void;
  readonly onRemove: (tag: string) => void;
  /** What is typed and not added yet. */
  readonly text: string;
  readonly onText: (text: string) => void;
  /** Nothing is added or taken away. */
  readonly isWriting: boolean;
  /** What is typed cannot be a tag. */
  readonly isWrong: boolean;
  readonly onWrong: () => void;
}

/** Tags as chips, each to be taken away, and a field that offers the tags in use. Enter adds what is typed. */
export function TagField(props: Props): ReactNode {
  const { tags, files, onAdd, onRemove, text, onText, isWriting, isWrong, onWrong } = props;
  const list = useId();
  const fault = useId();
  const field = useRef<HTMLInputElement>(null);
  const known = useCall('annotation.tags', {}, ['annotations']).value?.tags ?? [];
  useEffect(() => {
    // It appears when what is there was read: by then the dialog has given the keyboard to a button.
    field.current?.focus();
  }, []);
  const shown = new Set(tags.filter(({ onAll }) => onAll).map(({ tag }) => tagKey(tag)));
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (isWriting) {
      return;
    }
    if (event.key === 'Enter' && text.trim() !== '') {
      // The next Enter, with the field empty, saves.
      event.preventDefault();
      const tag = asTag(text);
      if (tag === null) {
        onWrong();
      } else {
        onAdd(tag);
        onText('');
      }
    } else if (event.key === 'Backspace' && text === '') {
      const last = tags.at(-1);
      if (last !== undefined) {
        onRemove(last.tag);
      }
    }
  };
  return (
    <div className="stack">
      <span className="small medium" id={`${list}-label`}>
        Tags
      </span>
      {tags.length === 0 ? null : (
        <ul className="tagchips" aria-labelledby={`${list}-label`}>
          {tags.map(({ tag, onAll, count }) => (
            <li key={tagKey(tag)} className="chip">
              <span className="cut">{tag}</span>
              {onAll ? null : (
                <button
                  type="button"
                  className="chipbutton"
                  disabled={isWriting}
                  aria-label={`Add tag ${tag} to all rows`}
                  title="Add to all rows"
                  onClick={() => onAdd(tag)}
                >
                  {number(count)} of {number(files)}
                </button>
              )}
              <button
                type="button"
                className="chipbutton"
                disabled={isWriting}
                aria-label={`Remove tag ${tag}`}
                onClick={() => onRemove(tag)}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      <label className={isWrong ? 'field invalid' : 'field'}>
        <span className="visually-hidden">Add a tag</span>
        <input
          ref={field}
          type="text"
          placeholder="Add a tag, then Enter"
          list={list}
          value={text}
          maxLength={TAG_LENGTH}
          readOnly={isWriting}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={isWrong}
          aria-describedby={isWrong ? fault : undefined}
          onChange={(event) => onText(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <datalist id={list}>
          {known
            .filter(({ tag }) => !shown.has(tagKey(tag)))
            .slice(0, OFFERED)
            .map(({ tag }) => (
              <option key={tag} value={tag} />
            ))}
        </datalist>
      </label>
      {isWrong ? (
        <p className="small" id={fault} role="alert">
          A tag has no control characters and no marks that turn the direction of text.
        </p>
      ) : null}
    </div>
  );
}
