import type { ReactNode } from 'react';
import { SYNC_LABELS } from '#shared/settings/sync-labels.ts';
import { Group, idOf, Line, Pick, Tick } from './fields.tsx';
import type { FieldProps } from './settings-form.tsx';

/** How indicators stand in Threat Response. */
export function SendFields(props: FieldProps): ReactNode {
  const { job, draft, onDraft } = props;
  return (
    <Group title="How it is sent">
      <Line
        {...props}
        name="packageSize"
        unit="indicators"
        hint="Packages the server calls too large are halved by themselves."
      />
      <Pick
        id={idOf(job.id, 'networkTerms')}
        label={SYNC_LABELS.networkTerms}
        value={draft.networkTerms}
        options={[
          ['documented', 'Documented OpenIOC terms'],
          ['quick-add', 'Terms as Threat Response writes them itself (quick-add)'],
        ]}
        onValue={(networkTerms) => onDraft({ networkTerms })}
      />
      <Pick
        id={idOf(job.id, 'filesTo')}
        label={SYNC_LABELS.filesTo}
        value={draft.filesTo}
        options={[
          ['packages', 'Intel packages'],
          ['hash-list', 'Reputation hash list of Tanium'],
          ['both', 'Both'],
        ]}
        onValue={(filesTo) => onDraft({ filesTo })}
      />
      <Line {...props} name="labels" unit="a package" hint="The most frequent tags of a package; 0 for none." />
      <Tick
        id={idOf(job.id, 'deploy')}
        label={SYNC_LABELS.deploy}
        text="Once after a run that wrote something"
        checked={draft.deploy}
        onChecked={(deploy) => onDraft({ deploy })}
      />
      <Line
        {...props}
        name="scanGroup"
        placeholder="computer group"
        hint="Scanned for each written package after the deploy; empty for none."
        off={draft.deploy ? null : 'Scans come after a deploy, which is off.'}
      />
    </Group>
  );
}
