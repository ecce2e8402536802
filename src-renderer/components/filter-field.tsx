import { useEffect, useRef, useState, type ReactNode, type Ref } from 'react';
import { Icon } from './icon.tsx';

const SETTLE_MS = 150;

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly fieldRef?: Ref<HTMLInputElement>;
}

/** A text filter that asks once typing pauses. Escape clears it; Enter, or Escape when it is empty, goes to the rows. */
export function FilterField({ label, value, onValue, fieldRef }: Props): ReactNode {
  const [text, setText] = useState(value);
  const settled = useRef(value);
  const latest = useRef(onValue);
  useEffect(() => {
    latest.current = onValue;
  });
  useEffect(() => {
    if (settled.current !== value) {
      settled.current = value;
      setText(value);
    }
  }, [value]);
  useEffect(() => {
    if (text === settled.current) {
      return undefined;
    }
    const timer = setTimeout(() => {
      settled.current = text;
      latest.current(text);
    }, SETTLE_MS);
    return () => clearTimeout(timer);
    // Not on `onValue`: pushes draw the view more often than typing pauses, and the timer would never run out.
  }, [text]);
  return (
    <label className="field filterfield">
      <Icon name="search" />
      <span className="visually-hidden">{label}</span>
      <input
        ref={fieldRef}
        type="search"
        placeholder="Filter"
        value={text}
        maxLength={200}
        spellCheck={false}
        data-filter="true"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && text !== '') {
            setText('');
          } else if (event.key === 'Escape' || event.key === 'Enter') {
            if (text !== settled.current) {
              settled.current = text;
              onValue(text);
            }
            event.currentTarget.closest('.view')?.querySelector<HTMLElement>('[role=grid]')?.focus();
          } else {
            return;
          }
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <kbd className="unit">/</kbd>
    </label>
  );
}
