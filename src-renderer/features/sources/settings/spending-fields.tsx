import type { ReactNode } from 'react';
import { counted, number } from '../../../components/words.ts';
import { thresholdsOf } from './draft.ts';
import { FieldNotes, UnitField } from './field.tsx';
import type { FieldProps } from './settings-pane.tsx';

/** How much it is asked, how fast, and what of it happens by itself. */
export function SpendingFields(props: FieldProps & { readonly hints: readonly string[] }): ReactNode {
  const { view, draft, faults, onDraft, hints } = props;
  const id = (name: string): string => `${view.source}-${name}`;
  const { facts } = view;
  const unit = facts.billedBy === 'hash' ? 'Hashes' : 'Calls';
  return (
    <>
      <label htmlFor={id('per-request')}>Per request</label>
      <div className="stack tight">
        <UnitField
          id={id('per-request')}
          numeric
          value={draft.hashesPerRequest}
          unit={
            facts.mostHashesPerRequest === 1 ? 'hash, always' : `hashes, 1 to ${number(facts.mostHashesPerRequest)}`
          }
          fault={faults.hashesPerRequest}
          onValue={(hashesPerRequest) => onDraft({ hashesPerRequest })}
        />
        <FieldNotes faults={[[id('per-request'), faults.hashesPerRequest]]} />
      </div>
      <label htmlFor={id('minute')}>{unit}</label>
      <div className="stack tight">
        <div className="triple">
          <UnitField
            id={id('minute')}
            label={`${unit} a minute`}
            numeric
            placeholder="none"
            unit="/min"
            value={draft.callsPerMinute}
            fault={faults.callsPerMinute}
            onValue={(callsPerMinute) => onDraft({ callsPerMinute })}
          />
          <UnitField
            id={id('day')}
            label={`${unit} a day`}
            numeric
            placeholder="none"
            unit="/day"
            value={draft.callsPerDay}
            fault={faults.callsPerDay}
            onValue={(callsPerDay) => onDraft({ callsPerDay })}
          />
          <UnitField
            id={id('month')}
            label={`${unit} a month`}
            numeric
            placeholder="none"
            unit="/mo"
            value={draft.callsPerMonth}
            fault={faults.callsPerMonth}
            onValue={(callsPerMonth) => onDraft({ callsPerMonth })}
          />
        </div>
        <FieldNotes
          faults={[
            [id('minute'), faults.callsPerMinute],
            [id('day'), faults.callsPerDay],
            [id('month'), faults.callsPerMonth],
          ]}
          hints={hints}
        />
      </div>
      <label htmlFor={id('automatic')}>New hashes</label>
      <Automatic {...props} />
      {facts.hasPending ? <Recheck {...props} /> : null}
      <Thresholds {...props} />
    </>
  );
}

function Recheck({ view, draft, faults, onDraft }: FieldProps): ReactNode {
  const id = `${view.source}-recheck`;
  return (
    <>
      <label htmlFor={id}>Recheck</label>
      <div className="stack tight">
        <UnitField
          id={id}
          numeric
          value={draft.recheckMinutes}
          unit="min after a pending answer"
          fault={faults.recheckMinutes}
          onValue={(recheckMinutes) => onDraft({ recheckMinutes })}
        />
        <FieldNotes faults={[[id, faults.recheckMinutes]]} />
      </div>
    </>
  );
}

function Automatic({ view, draft, onDraft }: FieldProps): ReactNode {
  const isPublic = draft.plan === 'public';
  const calls = Math.ceil(
    view.facts.billedBy === 'hash'
      ? view.automaticPerDay
      : view.automaticPerDay / Math.max(1, Number(draft.hashesPerRequest) || 1),
  );
  return (
    <div className="stack tight">
      <select
        id={`${view.source}-automatic`}
        className="field"
        disabled={isPublic}
        value={isPublic ? 'off' : draft.automatic}
        onChange={(event) => onDraft({ automatic: event.target.value === 'new' ? 'new' : 'off' })}
      >
        <option value="off">Asked only when somebody starts a scan</option>
        <option value="new">Asked by themselves as they arrive</option>
      </select>
      <p className="hint">
        {isPublic
          ? 'A public key may not be asked automatically.'
          : `By the last seven days that is ${counted(view.automaticPerDay, 'hash', 'hashes')} a day, at least ${counted(calls, 'call')}. Lists under “Never ask” are left out.`}
      </p>
    </div>
  );
}

function Thresholds({ view, draft, faults, onDraft }: FieldProps): ReactNode {
  const own = view.facts.thresholds;
  const thresholds = thresholdsOf(view.facts.score);
  const id = (name: string): string => `${view.source}-${name}`;
  if (thresholds === null) {
    return null;
  }
  return (
    <>
      <label htmlFor={id('malicious')}>{thresholds.word}</label>
      <div className="stack tight">
        <div className="pair">
          <UnitField
            id={id('malicious')}
            label={`${thresholds.word} from which an answer counts as malicious`}
            numeric
            placeholder={own === null ? '' : String(own.malicious)}
            unit="malicious"
            value={draft.malicious}
            fault={faults.malicious}
            onValue={(malicious) => onDraft({ malicious })}
          />
          <UnitField
            id={id('suspicious')}
            label={`${thresholds.word} from which an answer counts as suspicious`}
            numeric
            placeholder={own === null ? '' : String(own.suspicious)}
            unit="suspicious"
            value={draft.suspicious}
            fault={faults.suspicious}
            onValue={(suspicious) => onDraft({ suspicious })}
          />
        </div>
        <FieldNotes
          faults={[
            [id('malicious'), faults.malicious],
            [id('suspicious'), faults.suspicious],
          ]}
        />
        <p className="hint">
          {own === null ? '' : `Empty: Assay’s own, ${own.malicious} and ${own.suspicious}. `}
          Kept answers are judged again when it changes.
        </p>
      </div>
    </>
  );
}
