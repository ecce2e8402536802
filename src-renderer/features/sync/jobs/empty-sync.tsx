import type { ReactNode } from 'react';
import { useApp } from '../../../app/store.ts';
import { startDemo } from '../../../app/start-demo.ts';
import { ask } from '../store.ts';

/** What threat sync does, shown until there is a job. */
export function EmptySync(): ReactNode {
  const canStartDemo = useApp((state) => state.boot?.canStartDemo === true);
  return (
    <div className="first">
      <div className="box">
        <h2>No sync job yet</h2>
        <p className="t2">
          A job pulls Address, File and Host indicators from ThreatConnect by your criteria and keeps them as intel
          packages in Tanium Threat Response.
        </p>
        <div className="steps">
          <div>
            <h3>1. Set up</h3>
            <p className="small t2">
              Name the two addresses, the Api User and the Tanium user, and which indicators are wanted. Secrets are
              kept with the keys of sources.
            </p>
          </div>
          <div>
            <h3>2. Dry run</h3>
            <p className="small t2">
              Reads ThreatConnect and shows what would be new, changed, withdrawn and held back. Nothing is written.
            </p>
          </div>
          <div>
            <h3>3. Activate</h3>
            <p className="small t2">
              Runs come on a schedule. What is known to be harmless here is held back, and everything sent can be called
              back.
            </p>
          </div>
        </div>
        <div className="row centre">
          <button type="button" className="button primary" onClick={() => ask('new')}>
            New job…
          </button>
          {canStartDemo ? (
            <button type="button" className="button" onClick={() => void startDemo()}>
              Try it with simulators
            </button>
          ) : null}
        </div>
      </div>
    </div>
  );
}
