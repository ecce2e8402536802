import type { ReactNode } from 'react';
import { SYNC_LABELS } from '#shared/settings/sync-labels.ts';
import { SYNC_LOG_LEVELS } from '#shared/domain/indicator.ts';
import { Group, idOf, Line, Lines, Pick } from './fields.tsx';
import type { FieldProps } from './settings-form.tsx';

/** What keeps a job from doing harm, what its files mean in triage, and how much its runs log. */
export function SafetyFields(props: FieldProps): ReactNode {
  const { job, draft, onDraft } = props;
  return (
    <>
      <Group title="Safety">
        <Line
          {...props}
          name="guardShare"
          unit="% of what was sent"
          hint="A run that would withdraw more than either limit writes nothing before it is approved."
        />
        <Line {...props} name="guardCount" unit="indicators" />
        <Lines
          {...props}
          name="own"
          placeholder={'192.0.2.0/24\nexample.com'}
          hint="One per line: addresses, networks, domains with all below them. They are never pushed; private ones never are either."
        />
        <Line
          {...props}
          name="raiseFromRating"
          unit="rating"
          hint="Files of this job rated at least so much make a verdict malicious. Empty: they only say that they are known."
        />
      </Group>
      <Group title="Logging">
        <Pick
          id={idOf(job.id, 'logLevel')}
          label={SYNC_LABELS.logLevel}
          value={draft.logLevel}
          options={SYNC_LOG_LEVELS.map((level) => [level, level] as const)}
          onValue={(logLevel) => onDraft({ logLevel })}
        />
      </Group>
    </>
  );
}
