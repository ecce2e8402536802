import { useState, type ReactNode } from 'react';
import type { ScanRequest } from '#shared/contract/scan.ts';
import type { Strategy } from '#shared/domain/outcome.ts';
import type { SourceId } from '#shared/domain/source.ts';
import { enabledOf, useAsking } from '../../../app/asking.ts';
import { say, sayFault, show, usePreferences } from '../../../app/store.ts';
import { call } from '../../../bridge/client.ts';
import { useCall } from '../../../bridge/use-call.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { useNow } from '../../../components/use-now.ts';
import { counted, number } from '../../../components/words.ts';
import { PlanFigures, PlanNotes, Strategies } from './plan-body.tsx';
import { PlanSteps } from './plan-steps.tsx';
import { PlanTable } from './plan-table.tsx';
import type { ScanTarget } from './use-scan.ts';

interface Props {
  readonly intakeId: number;
  readonly target: ScanTarget;
  readonly onClose: () => void;
}

/** The flight plan: what a scan would cost and when it would end. Nothing leaves before Start. */
export function ScanDialog({ intakeId, target, onClose }: Props): ReactNode {
  const zone = usePreferences()?.times ?? 'local';
  const now = useNow() * 1000;
  const listed = useAsking((state) => state.listed);
  const enabled = enabledOf(listed?.sources ?? []);
  const [strategy, setStrategy] = useState<Strategy>('certain');
  const [leftOut, setLeftOut] = useState<readonly SourceId[]>([]);
  const [most, setMost] = useState('');
  const [never, setNever] = useState(false);
  const [busy, setBusy] = useState(false);

  const sources = enabled.map((source) => source.source);
  const asked = sources.filter((source) => !leftOut.includes(source));
  const isMostFaulty = most.trim() !== '' && !/^[1-9]\d{0,8}$/.test(most.trim());
  const request: ScanRequest = {
    intakeId,
    selection: target.selection,
    strategy,
    ...(leftOut.length === 0 ? {} : { sources: asked }),
    ...(most.trim() === '' || isMostFaulty ? {} : { maxCalls: Number(most) }),
  };
  const isNobodyAsked = sources.length > 0 && asked.length === 0;
  const planned = useCall('scan.plan', isNobodyAsked ? null : request);
  const plan = planned.value;
  const canStart = plan !== null && plan.possible && plan.ask > 0 && !planned.loading && planned.error === null;

  const act = (): void => {
    setBusy(true);
    const done = never
      ? call('intake.setEmbargo', { intakeId, embargo: true }).then(() =>
          say('Never ask is on for this list: none of its hashes leaves this machine.'),
        )
      : call('scan.start', request);
    done.then(onClose, (error: unknown) => {
      setBusy(false);
      sayFault(error);
      onClose();
    });
  };
  return (
    <Dialog
      title={`Scan ${number(target.count)} ${target.what} ${target.count === 1 ? 'hash' : 'hashes'}`}
      action={never ? 'Never ask' : 'Start'}
      actionKey="Enter"
      focusAction
      plan
      disabled={busy || isMostFaulty || isNobodyAsked || (!never && !canStart)}
      onClose={onClose}
      onAction={act}
      aside={
        <label className="row small t2">
          <input
            type="checkbox"
            className="tick"
            checked={never}
            onChange={(event) => setNever(event.target.checked)}
          />
          Never ask for this list
        </label>
      }
    >
      {planned.error !== null ? (
        <div className="planwait" role="alert">
          <p>
            <b>The plan could not be made.</b> {planned.error}
          </p>
          <button type="button" className="button" onClick={planned.again}>
            Try again
          </button>
        </div>
      ) : plan === null && !isNobodyAsked ? (
        <div className="planwait" role="status">
          <p className="t2">Looking up what {counted(target.count, 'hash', 'hashes')} would cost. Nothing is sent.</p>
          <span className="bone" />
        </div>
      ) : plan === null ? null : (
        <div className={planned.loading ? 'plan again' : 'plan'} aria-busy={planned.loading}>
          <PlanFigures plan={plan} now={now} zone={zone} />
          {sources.length === 0 ? (
            <NoSource />
          ) : (
            <div className="planscroll" tabIndex={0} role="region" aria-label="Sources">
              <PlanTable plan={plan} sources={sources} leftOut={leftOut} onLeftOut={setLeftOut} now={now} zone={zone} />
            </div>
          )}
          {sources.length === 0 ? null : (
            <div className="planchoices">
              <Strategies plan={plan} value={strategy} onValue={setStrategy} now={now} zone={zone} />
              <label className="row small">
                At most
                <input
                  className={isMostFaulty ? 'field short num invalid' : 'field short num'}
                  inputMode="numeric"
                  placeholder="all"
                  aria-label="At most so many calls"
                  aria-invalid={isMostFaulty}
                  value={most}
                  onChange={(event) => setMost(event.target.value)}
                />
                <span className="t2">{isMostFaulty ? 'a whole number of calls' : 'calls'}</span>
              </label>
            </div>
          )}
          <PlanSteps plan={plan} />
          <PlanNotes plan={plan} />
        </div>
      )}
      {isNobodyAsked ? <p className="planwait t2">No source is chosen.</p> : null}
    </Dialog>
  );
}

function NoSource(): ReactNode {
  return (
    <div className="planwait">
      <p className="t2">No source is switched on. Add a key and switch one on; the plan then shows what it costs.</p>
      <button type="button" className="button" onClick={() => show('sources')}>
        Open Sources
      </button>
    </div>
  );
}
