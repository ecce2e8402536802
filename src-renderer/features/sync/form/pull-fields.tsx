import { useState, type ReactNode } from 'react';
import { SYNC_LABELS } from '#shared/settings/sync-labels.ts';
import { INDICATOR_TYPES } from '#shared/domain/indicator.ts';
import { linesOf } from './draft.ts';
import { Group, idOf, Label, Line, Lines, Tick } from './fields.tsx';
import { OwnersDialog } from './owners-dialog.tsx';
import type { FieldProps } from './settings-form.tsx';
import { TqlPreview } from './tql-preview.tsx';

const REPLACED = 'Replaced by the TQL below while there is one.';

/** Which indicators are pulled: by criteria, or by a TQL of one's own in their stead. */
export function PullFields(props: FieldProps): ReactNode {
  const { job, draft, onDraft } = props;
  const off = draft.tql.trim() === '' ? null : REPLACED;
  const tql = idOf(job.id, 'tql');
  return (
    <Group title="What is pulled">
      <Owners {...props} off={off} />
      <Types {...props} off={off} />
      <Lines {...props} off={off} name="includeTags" hint="One per line. Any of them; empty for all." />
      <Lines {...props} off={off} name="excludeTags" hint="One per line. Any of them keeps an indicator out." />
      <Line {...props} off={off} name="minThreatAssess" unit="0 to 1000" />
      <Line {...props} off={off} name="minConfidence" unit="0 to 100" />
      <Line {...props} off={off} name="minRating" unit="0 to 5" />
      <Line {...props} off={off} name="maxFalsePositives" unit="at most" />
      <Label htmlFor={tql}>TQL</Label>
      <div className="stack tight">
        <textarea
          id={tql}
          className="field area mono"
          rows={draft.tql === '' ? 2 : 4}
          maxLength={20_000}
          spellCheck={false}
          value={draft.tql}
          aria-describedby={`${tql}-hint`}
          onChange={(event) => onDraft({ tql: event.target.value })}
        />
        <p id={`${tql}-hint`} className="hint">
          A query of one’s own, in place of the eight criteria above.
        </p>
      </div>
      {draft.tql.trim() === '' ? null : (
        <Tick
          id={idOf(job.id, 'lastModifiedWithTql')}
          label={SYNC_LABELS.lastModifiedWithTql}
          text="Applies to this TQL, too"
          checked={draft.lastModifiedWithTql}
          hint="Off: each run reads everything the query names."
          onChecked={(lastModifiedWithTql) => onDraft({ lastModifiedWithTql })}
        />
      )}
      <TqlPreview {...props} />
    </Group>
  );
}

function Owners(props: FieldProps & { readonly off: string | null }): ReactNode {
  const { job, draft, isChanged, onDraft, off } = props;
  const [open, setOpen] = useState(false);
  return (
    <>
      <Lines
        {...props}
        name="owners"
        hint="One per line. Empty for all that can be read."
        aside={
          <button
            type="button"
            className="button"
            disabled={off !== null || job.config.threatConnectUrl === ''}
            title={
              job.config.threatConnectUrl === ''
                ? 'Save the ThreatConnect address first'
                : isChanged
                  ? 'One request to ThreatConnect, with the kept settings'
                  : 'One request to ThreatConnect'
            }
            onClick={() => setOpen(true)}
          >
            Choose…
          </button>
        }
      />
      {open ? (
        <OwnersDialog
          job={job}
          chosen={linesOf(draft.owners)}
          onChosen={(owners) => onDraft({ owners: owners.join('\n') })}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  );
}

function Types({ job, draft, onDraft, off }: FieldProps & { readonly off: string | null }): ReactNode {
  const id = idOf(job.id, 'types');
  return (
    <>
      <span className="label" id={id}>
        Indicator Types
      </span>
      <div className="stack tight">
        <div className="row" role="group" aria-labelledby={id}>
          {INDICATOR_TYPES.map((type) => (
            <label key={type} className="row">
              <input
                type="checkbox"
                className="tick"
                disabled={off !== null}
                checked={draft.types.includes(type)}
                onChange={(event) =>
                  onDraft({
                    types: INDICATOR_TYPES.filter((one) =>
                      one === type ? event.target.checked : draft.types.includes(one),
                    ),
                  })
                }
              />
              {type}
            </label>
          ))}
        </div>
        <p className="hint">{off ?? 'None ticked means all three.'}</p>
      </div>
    </>
  );
}
