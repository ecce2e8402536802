import { useId, type ReactNode } from 'react';
import type { ReportStatement } from '#shared/contract/report.ts';

interface Props {
  readonly statement: ReportStatement;
  readonly onStatement: (statement: ReportStatement) => void;
}

const LINES = [
  { name: 'title', label: 'Title' },
  { name: 'caseName', label: 'Case' },
  { name: 'examiner', label: 'Examiner' },
] as const;

/** What a person says about the report. What is empty is left out of it. */
export function StatementFields({ statement, onStatement }: Props): ReactNode {
  const id = useId();
  return (
    <div className="form reportform">
      {LINES.map(({ name, label }) => (
        <div key={name} className="pair">
          <label htmlFor={`${id}-${name}`}>{label}</label>
          <input
            id={`${id}-${name}`}
            className="field"
            type="text"
            maxLength={200}
            value={statement[name]}
            onChange={(event) => onStatement({ ...statement, [name]: event.target.value })}
          />
        </div>
      ))}
      <div className="pair">
        <label htmlFor={`${id}-note`}>Remarks</label>
        <textarea
          id={`${id}-note`}
          className="field"
          rows={3}
          maxLength={20_000}
          value={statement.note}
          onChange={(event) => onStatement({ ...statement, note: event.target.value })}
        />
      </div>
    </div>
  );
}
