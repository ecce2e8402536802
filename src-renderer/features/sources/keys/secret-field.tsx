import type { ReactNode, Ref } from 'react';

interface Props {
  readonly label: string;
  readonly fieldRef: Ref<HTMLInputElement>;
  readonly longest: number;
  /** Told that something was typed; what it was stays in the field. */
  readonly onChange: () => void;
}

/**
 * A field for a secret. The page keeps it in the field alone: as state it would be written into the document, where
 * whatever copies the page would find it.
 */
export function SecretField({ label, fieldRef, longest, onChange }: Props): ReactNode {
  return (
    <label className="stack tight">
      <span className="small t2">{label}</span>
      <input
        ref={fieldRef}
        type="password"
        className="field"
        autoComplete="off"
        spellCheck={false}
        maxLength={longest}
        onChange={onChange}
      />
    </label>
  );
}
