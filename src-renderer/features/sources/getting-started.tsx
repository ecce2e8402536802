import type { ReactNode } from 'react';
import type { SourceView } from '#shared/contract/sources.ts';
import type { SourceId } from '#shared/domain/source.ts';
import { startDemo } from '../../app/start-demo.ts';
import { useApp } from '../../app/store.ts';

interface Props {
  readonly sources: readonly SourceView[];
  readonly onSource: (source: SourceId) => void;
}

/** How the first source comes to be asked, while none has a key. */
export function GettingStarted({ sources, onSource }: Props): ReactNode {
  const canStartDemo = useApp((state) => state.boot?.canStartDemo === true);
  return (
    <div className="starting">
      <h2>No source has a key yet</h2>
      <p className="t2">
        Lists are answered from this machine. To ask a source about what stays unknown, in three steps:
      </p>
      <ol className="numbered">
        <li>
          Choose a source and add its key:{' '}
          {sources.map((source, index) => (
            <span key={source.source}>
              {index === 0 ? '' : ', '}
              <button type="button" className="linkbutton" onClick={() => onSource(source.source)}>
                {source.label}
              </button>
            </span>
          ))}
          . The key goes to the system’s keychain and never comes back to this window.
        </li>
        <li>Test the connection. That costs one call and says what is at fault when it fails.</li>
        <li>
          Switch the source on. New hashes are sent only when you start a scan or ask in a look-up; both show the price
          first. Answers that are due are asked for again by themselves, as often as Settings, Life of items says.
        </li>
      </ol>
      {canStartDemo ? (
        <div className="row">
          <button type="button" className="button" onClick={() => void startDemo()}>
            Start the demonstration
          </button>
          <span className="small t2">
            Simulated sources on this machine, in a data directory of their own. Every answer is marked as simulated.
          </span>
        </div>
      ) : null}
    </div>
  );
}
