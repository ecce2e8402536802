import { useState, type ReactNode } from 'react';
import type { OutboundState, QueueGroupView, QueuePart } from '#shared/contract/outbound.ts';
import { AVOIDED_BY, type AvoidedBy, type Purpose } from '#shared/domain/outcome.ts';
import { sourceLabel, sourceShortLabel } from '#shared/domain/source.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { cancelQueue, holdQueue } from '../../../app/asking.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { Meter } from '../../../components/meter.tsx';
import { clock, counted, number } from '../../../components/words.ts';

const PURPOSE_WORDS: Readonly<Record<Purpose, string>> = {
  person: 'person',
  new: 'new',
  recheck: 'pending recheck',
  rescan: 'rescan',
};

const AVOIDED_WORDS: Readonly<Record<AvoidedBy, string>> = {
  'hash-list': 'by the hash list',
  'known-set': 'by a known set',
  fresh: 'by a fresh answer',
  link: 'under another digest',
  queued: 'queued already',
  conclusive: 'conclusive elsewhere',
};

interface Props {
  readonly outbound: OutboundState | null;
  /** Milliseconds. */
  readonly now: number;
  readonly zone: Preferences['times'];
}

/** What waits to be asked, in the order it is asked, with what it waits for. */
export function QueuePanel({ outbound, now, zone }: Props): ReactNode {
  const [cancelling, setCancelling] = useState<QueueGroupView | null>(null);
  if (outbound === null) {
    return null;
  }
  const { depth, perSecond, avoidedToday } = outbound;
  // Of what has been asked whole only the record tells; its counters stay as long as the source has other work.
  const groups = outbound.groups.filter((group) => group.waiting + group.onTheWay > 0);
  const done = groups.reduce((sum, group) => sum + group.done + group.dropped, 0);
  const all = done + groups.reduce((sum, group) => sum + group.waiting, 0);
  const sentence = queueSentence(outbound, now, zone);
  return (
    <>
      <div className="subhead">
        {all > 0 ? <span className="progress" style={{ width: `${(done / all) * 100}%` }} /> : null}
        <h2>Queue</h2>
        <span className="small t2 cut" title={sentence}>
          {sentence}
        </span>
      </div>
      <div className="belowscroll" tabIndex={0} role="region" aria-label="Queue">
        {groups.length === 0 ? (
          <div className="starting">
            <h2>Nothing waits to be asked</h2>
            <p className="t2">
              Open an intake in Triage and press Scan: the flight plan shows hashes, calls, quotas and the end time
              before anything leaves. By themselves come answers that are due again and, of a source with automatic
              asking, new hashes.
            </p>
          </div>
        ) : (
          <GroupTable groups={groups} now={now} zone={zone} onCancel={setCancelling} />
        )}
      </div>
      <p className="belowfoot small t3">
        <span>Order: person, new, pending, rescan</span>
        {avoidedToday.total === 0 ? null : (
          <span className="cut">
            Calls avoided today:{' '}
            {AVOIDED_BY.filter((by) => avoidedToday.by[by] > 0)
              .map((by) => `${number(avoidedToday.by[by])} ${AVOIDED_WORDS[by]}`)
              .join(', ')}
          </span>
        )}
        {depth > 0 && perSecond === 0 && outbound.owner === null ? (
          <span>No process asks: this window or assay run takes over by itself.</span>
        ) : null}
      </p>
      {cancelling === null ? null : (
        <CancelDialog group={cancelling} waiting={takenOut(cancelling, groups)} onClose={() => setCancelling(null)} />
      )}
    </>
  );
}

function GroupTable(props: {
  readonly groups: readonly QueueGroupView[];
  readonly now: number;
  readonly zone: Preferences['times'];
  readonly onCancel: (group: QueueGroupView) => void;
}): ReactNode {
  const { groups, now, zone, onCancel } = props;
  return (
    <table className="sheet fixed queue">
      <colgroup>
        {[130, 156, 60, 64, 0, 84, 116].map((width, index) => (
          <col key={index} style={width === 0 ? {} : { width }} />
        ))}
      </colgroup>
      <thead>
        <tr>
          <th scope="col">Source</th>
          <th scope="col">Purpose</th>
          <th scope="col" className="num">
            Hashes
          </th>
          <th scope="col">Asked</th>
          <th scope="col">Waiting for</th>
          <th scope="col" className="num">
            Ends{zone === 'utc' ? ', UTC' : ''}
          </th>
          <th scope="col">
            <span className="visually-hidden">What can be done</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {groups.map((group) => {
          const name = groupName(group);
          const part = partOf(group);
          const known = group.done + group.dropped;
          return (
            <tr key={`${group.source} ${group.purpose} ${group.intakeId ?? ''}`}>
              <td className="medium" title={sourceLabel(group.source)}>
                {sourceShortLabel(group.source)}
              </td>
              <td className="t2" title={name}>
                {name}
              </td>
              <td className="num">{number(group.waiting)}</td>
              <td
                title={`${number(group.done)} answered${group.dropped === 0 ? '' : `, ${number(group.dropped)} left the queue unasked`}`}
              >
                <Meter part={known / Math.max(1, known + group.waiting)} />
                <span className="visually-hidden">
                  {number(known)} of {number(known + group.waiting)}
                </span>
              </td>
              <td className="t2" title={group.waitingFor}>
                {group.paused ? 'paused' : group.waitingFor === '' ? 'being sent' : group.waitingFor}
              </td>
              <td className="num">{group.endsAt === null ? '–' : clock(group.endsAt, now, zone)}</td>
              <td className="num">
                <span className="row end">
                  <button
                    type="button"
                    className="linkbutton"
                    aria-label={`${group.paused ? 'Resume' : 'Pause'} ${name} at ${sourceLabel(group.source)}`}
                    onClick={() => void holdQueue(part, !group.paused)}
                  >
                    {group.paused ? 'Resume' : 'Pause'}
                  </button>
                  <button
                    type="button"
                    className="linkbutton"
                    aria-label={`Cancel ${name} at ${sourceLabel(group.source)}`}
                    onClick={() => onCancel(group)}
                  >
                    Cancel
                  </button>
                </span>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function CancelDialog(props: {
  readonly group: QueueGroupView;
  readonly waiting: number;
  readonly onClose: () => void;
}): ReactNode {
  const { group, waiting, onClose } = props;
  const many = counted(waiting, 'hash', 'hashes');
  return (
    <Dialog
      title={`Take ${many} out of the queue`}
      action="Take out"
      onClose={onClose}
      onAction={() => {
        onClose();
        void cancelQueue(partOf(group));
      }}
    >
      <p>
        {groupName(group)} at {sourceLabel(group.source)}: {waiting === 1 ? 'it leaves' : 'they leave'} the queue
        unasked. What is on its way is still heard, and answers that came stay.
      </p>
    </Dialog>
  );
}

/** Hashes that leave with a group now: one of no list stands for everything of its purpose at that source. */
function takenOut({ source, purpose, intakeId }: QueueGroupView, groups: readonly QueueGroupView[]): number {
  return groups
    .filter((one) => one.source === source && one.purpose === purpose)
    .filter((one) => intakeId === null || one.intakeId === intakeId)
    .reduce((sum, one) => sum + one.waiting, 0);
}

function partOf({ source, purpose, intakeId }: QueueGroupView): QueuePart {
  return { source, purpose, ...(intakeId === null ? {} : { intakeId }) };
}

function groupName({ purpose, title }: QueueGroupView): string {
  return title === '' ? PURPOSE_WORDS[purpose] : `${PURPOSE_WORDS[purpose]}, ${title}`;
}

/** What matters most goes first: where there is no room the end is cut. */
function queueSentence(
  { depth, inFlight, perSecond, groups }: OutboundState,
  now: number,
  zone: Preferences['times'],
): string {
  if (depth === 0 && inFlight === 0) {
    return '';
  }
  const ends = groups.map((group) => group.endsAt).filter((at) => at !== null);
  const endless = groups.filter((group) => group.endsAt === null).reduce((sum, group) => sum + group.waiting, 0);
  const isSending = inFlight > 0 || groups.some((group) => group.waitingFor === '' && group.waiting > 0);
  const rate =
    perSecond === 0 || !isSending
      ? ''
      : `, ${perSecond < 10 ? perSecond.toFixed(1) : number(Math.round(perSecond))} a second`;
  const end =
    ends.length === 0
      ? ''
      : `, ${endless === 0 ? '' : `all but ${number(endless)} `}done by ${clock(Math.max(...ends), now, zone)}`;
  const out = inFlight === 0 ? '' : `, ${counted(inFlight, 'request')} out`;
  return `${counted(depth, 'hash', 'hashes')}${end}${rate}${out}`;
}
