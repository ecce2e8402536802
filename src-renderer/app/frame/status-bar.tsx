import type { FocusEvent, ReactNode } from 'react';
import type { OutboundState } from '#shared/contract/outbound.ts';
import type { SourceView } from '#shared/contract/sources.ts';
import { sourceShortLabel } from '#shared/domain/source.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { useNow } from '../../components/use-now.ts';
import { bytes, clock, counted, number, time } from '../../components/words.ts';
import { enabledOf, useAsking } from '../asking.ts';
import { AT_MAXIMUM } from '../maximum-size.ts';
import { setPreferences, show, useApp } from '../store.ts';
import { UnseenFlips } from './unseen-flips.tsx';

/** With more sources than this each takes fewer words, so that all have room. */
const ROOMY = 3;

/**
 * Always true: what can leave, what is running, what is held, what time it is. Where there is no room whole facts give
 * way, never parts of them: first what is held, from the left, then what is asked, from the right.
 */
export function StatusBar(): ReactNode {
  const boot = useApp((state) => state.boot);
  const now = useNow();
  if (boot === null) {
    return <footer className="statusbar" />;
  }
  const { stats, preferences } = boot;
  return (
    <footer className="statusbar">
      <div className="asked" onBlur={backToStart}>
        {boot.simulated ? (
          <span>
            <b>simulated sources</b>
          </span>
        ) : null}
        {stats.size.isFull ? (
          <span title={AT_MAXIMUM}>
            <b>The database is at its maximum size</b>
          </span>
        ) : null}
        <UnseenFlips zone={preferences.times} />
        <Asking offline={boot.settings.offline} now={now * 1000} zone={preferences.times} />
      </div>
      <div className="held">
        <span>
          {stats.items === 0 ? 'cache empty' : `${counted(stats.items, 'item')}, ${bytes(stats.databaseBytes)}`}
        </span>
        <span>
          known sets <b>{number(stats.knownSets)}</b>
        </span>
        <span>
          hash list <b>{number(stats.listEntries)}</b>
        </span>
      </div>
      <span>
        <button
          type="button"
          className="barbutton"
          title="Switch between local time and UTC"
          onClick={() => setPreferences({ times: preferences.times === 'utc' ? 'local' : 'utc' })}
        >
          {time(now, preferences.times)}
        </button>
      </span>
    </footer>
  );
}

/** A fact without room comes into sight while it has the keyboard. */
function backToStart({ currentTarget }: FocusEvent<HTMLElement>): void {
  currentTarget.scrollTop = 0;
}

function Asking(props: {
  readonly offline: boolean;
  readonly now: number;
  readonly zone: Preferences['times'];
}): ReactNode {
  const { listed, outbound, fault } = useAsking();
  if (fault !== null && (listed === null || outbound === null)) {
    return <span title={fault}>sources could not be read</span>;
  }
  if (listed === null || outbound === null) {
    return null;
  }
  const enabled = enabledOf(listed.sources);
  const isRoomy = enabled.length <= ROOMY;
  return (
    <>
      {props.offline ? (
        <span>
          <b>offline</b>
          nothing leaves
        </span>
      ) : null}
      <Queue outbound={outbound} />
      {enabled.length === 0 ? (
        <span>No source is switched on, nothing leaves</span>
      ) : (
        enabled.map((source) => (
          <span key={source.source}>
            <button
              type="button"
              className="barbutton"
              title={titleOf(source, isRoomy)}
              onClick={() => show('sources')}
            >
              <Today source={source} isRoomy={isRoomy} now={props.now} zone={props.zone} />
            </button>
          </span>
        ))
      )}
      <span>
        <b>{number(outbound.avoidedToday.total)}</b> {outbound.avoidedToday.total === 1 ? 'call' : 'calls'} avoided
        today
      </span>
    </>
  );
}

/** Why it does not send; before it the whole name, where that is not shown. */
function titleOf({ label, reason }: SourceView, isRoomy: boolean): string {
  return isRoomy ? reason : [label, reason].filter((text) => text !== '').join(': ');
}

/** What keeps it from being asked: a key is missing, cannot be read, or does not suffice alone. */
function missingWords({ place, fault }: SourceView['key']): string {
  if (fault !== null) {
    return 'key not readable';
  }
  return place === null ? 'has no key' : 'not set up';
}

/** What a source spent today, or why it does not send. */
function Today(props: {
  readonly source: SourceView;
  readonly isRoomy: boolean;
  readonly now: number;
  readonly zone: Preferences['times'];
}): ReactNode {
  const { source, isRoomy, now, zone } = props;
  const day = source.quota.find((quota) => quota.window === 'day');
  const until = source.until === null || !isRoomy ? '' : ` until ${clock(source.until, now, zone)}`;
  const today = isRoomy ? ' today' : '';
  const held: Partial<Record<SourceView['state'], string>> = {
    'no-key': missingWords(source.key),
    paused: 'paused',
    stopped: 'stopped',
    // Nothing to wait for by the clock: the queue beside it says what is missing.
    ...(source.until === null ? {} : { waiting: `waits${until}` }),
    'backing-off': `backs off${until}`,
    open: `rests${until}`,
  };
  const why = held[source.state];
  return (
    <>
      {isRoomy ? source.label : sourceShortLabel(source.source)}{' '}
      {day === undefined ? null : (
        <>
          <b>{number(day.spent)}</b>
          {day.limit === null ? ' today' : ` / ${number(day.limit)}${today}`}
        </>
      )}
      {why === undefined ? '' : `${day === undefined ? '' : ', '}${why}`}
    </>
  );
}

function Queue({ outbound }: { readonly outbound: OutboundState }): ReactNode {
  const { owner, depth } = outbound;
  return (
    <>
      <span title={outbound.sentence}>
        queue <b>{number(depth)}</b>
      </span>
      {owner === null && depth > 0 ? <span>no process asks</span> : null}
      {owner === null || owner.isThis ? null : (
        <span title="Another process of this data directory sends; this window queues and watches">
          asked by {owner.shell}, process {owner.pid}
        </span>
      )}
    </>
  );
}
