import { useEffect, useRef, useState, type ReactNode, type Ref } from 'react';
import { Icon } from './icon.tsx';

const SETTLE_MS = 150;

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly fieldRef?: Ref<HTMLInputElement>;
}

/** A text filter that asks once typing pauses; Escape clears it. */
export function FilterField({ label, value, onValue, fieldRef }: Props): ReactNode {
  const [text, setText] = useState(value);
  const settled = useRef(value);
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
      onValue(text);
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [text, onValue]);
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
            event.stopPropagation();
            setText('');
          }
        }}
      />
      <kbd className="unit">/</kbd>
    </label>
  );
}
