import type { ReactNode } from 'react';
import { useCall } from '../../bridge/use-call.ts';
import { StatusMark } from '../../components/status.tsx';
import { number, time } from '../../components/words.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { showFlips } from '../../features/changes/index.ts';

/** What turned malicious, or ceased to be, and nobody has looked at yet; nothing when there is none. */
export function UnseenFlips({ zone }: { readonly zone: Preferences['times'] }): ReactNode {
  const { value } = useCall('changes.unseen', {}, ['history']);
  if (value === null || value.raised + value.cleared === 0) {
    return null;
  }
  const { raised, cleared, since } = value;
  const words = [
    ...(raised === 0 ? [] : [`${number(raised)} turned malicious`]),
    ...(cleared === 0 ? [] : [`${number(cleared)} no longer malicious`]),
  ];
  return (
    <span>
      <button
        type="button"
        className="barbutton unseen"
        title={`Not looked at yet${since === null ? '' : `, since ${time(since, zone)}`}. Show them.`}
        onClick={showFlips}
      >
        <StatusMark status={raised === 0 ? 'non-malicious' : 'malicious'} />
        {words.join(' · ')}
      </button>
    </span>
  );
}
