import type { ReactNode } from 'react';
import { SYNC_LABELS } from '#shared/settings/sync-labels.ts';
import { FieldNotes } from '../../../components/unit-field.tsx';
import { Group, idOf, Label, Line, Pick } from './fields.tsx';
import type { FieldProps } from './settings-form.tsx';

/** When a job runs by itself. */
export function ScheduleFields(props: FieldProps): ReactNode {
  const { job, draft, faults, onDraft } = props;
  const at = idOf(job.id, 'at');
  return (
    <Group title="Schedule">
      <Pick
        id={idOf(job.id, 'scheduleKind')}
        label={SYNC_LABELS.schedule}
        value={draft.scheduleKind}
        options={[
          ['interval', 'Every so many minutes'],
          ['daily', 'Daily at a time'],
        ]}
        hint="What was missed while the machine slept is caught up once. Two runs of a job never overlap."
        onValue={(scheduleKind) => onDraft({ scheduleKind })}
      />
      {draft.scheduleKind === 'interval' ? (
        <Line {...props} name="minutes" label="Interval" unit="minutes" />
      ) : (
        <>
          <Label htmlFor={at}>Time of day</Label>
          <div className="stack tight">
            <span className="syncshort">
              <input
                id={at}
                type="time"
                className="field"
                value={draft.at}
                onChange={(event) => onDraft({ at: event.target.value })}
              />
            </span>
            <FieldNotes faults={[[at, faults.at]]} hints={['Of this machine.']} />
          </div>
        </>
      )}
      <Line
        {...props}
        name="reconcileHours"
        unit="h"
        hint="Compares everything that matches with everything sent, and withdraws what is gone. Empty: only when asked for."
      />
      <Line
        {...props}
        name="overlapMinutes"
        unit="minutes"
        hint="A run pulls again what was modified so long before the last one began."
      />
      <Line {...props} name="pageSize" unit="1 to 10,000" />
    </Group>
  );
}
