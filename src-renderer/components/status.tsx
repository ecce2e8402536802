import type { ReactNode } from 'react';
import type { Status } from '#shared/domain/status.ts';

/** The style name of a status. */
export function statusClass(status: Status): string {
  return status === 'non-malicious' ? 'nonmalicious' : status;
}

/** A status as shape and colour; the word stands beside it wherever it is used. */
export function StatusMark({ status }: { readonly status: Status }): ReactNode {
  return (
    <svg className={`mark ${statusClass(status)}`} viewBox="0 0 12 12" aria-hidden="true">
      {shapeOf(status)}
    </svg>
  );
}

function shapeOf(status: Status): ReactNode {
  switch (status) {
    case 'malicious':
      return <rect x="1.5" y="1.5" width="9" height="9" rx="1" fill="currentColor" />;
    case 'suspicious':
      return <path d="M6 1.2 11.2 10.6H.8z" fill="currentColor" />;
    case 'non-malicious':
      return <circle cx="6" cy="6" r="4.5" fill="currentColor" />;
    default:
      return (
        <circle
          cx="6"
          cy="6"
          r="4"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          {...(status === 'pending' ? { strokeDasharray: '2.1 2.09' } : {})}
        />
      );
  }
}

export function StatusWord({
  status,
  large = false,
}: {
  readonly status: Status;
  readonly large?: boolean;
}): ReactNode {
  return (
    <span className={`status ${statusClass(status)}${large ? ' answer' : ''}`}>
      <StatusMark status={status} />
      {status}
    </span>
  );
}

/** The sign of disagreement. */
export function ConflictMark({ words = 'sources disagree' }: { readonly words?: string }): ReactNode {
  return (
    <span className="conflict" title={words}>
      <svg className="mark" viewBox="0 0 12 12" aria-hidden="true">
        <path
          d="M1.5 4.25h9M1.5 7.75h9M8.25 1.5l-4.5 9"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          strokeLinecap="round"
        />
      </svg>
      <span className="visually-hidden">conflict</span>
    </span>
  );
}
