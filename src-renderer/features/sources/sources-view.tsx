import { useState, type ReactNode } from 'react';
import type { SourceId } from '#shared/domain/source.ts';
import { enabledOf, holdQueue, refreshAsking, showBelow, useAsking } from '../../app/asking.ts';
import { AT_MAXIMUM } from '../../app/maximum-size.ts';
import { useApp, usePreferences } from '../../app/store.ts';
import { Notice } from '../../components/notice.tsx';
import { useNow } from '../../components/use-now.ts';
import { GettingStarted } from './getting-started.tsx';
import { QueuePanel } from './queue/queue-panel.tsx';
import { RequestLog } from './log/request-log.tsx';
import { SecretStoreNotice } from './keys/secret-store.tsx';
import { SettingsPane } from './settings/settings-pane.tsx';
import { SourcesTable } from './sources-table.tsx';

const SECOND_MS = 1000;

/** Every source: what it holds, what it does and why, what it may spend; the queue; and the record of what left. */
export function SourcesView(): ReactNode {
  const { listed, outbound, fault, below } = useAsking();
  const isFull = useApp((state) => state.boot?.stats.size.isFull ?? false);
  const zone = usePreferences()?.times ?? 'local';
  const now = useNow(SECOND_MS) * 1000;
  const [chosen, setChosen] = useState<SourceId | null>(null);
  const sources = listed?.sources ?? [];
  const selected = sources.find((source) => source.source === chosen) ?? sources[0];
  const enabled = enabledOf(sources);
  return (
    <section className="view">
      <div className="viewhead sourceshead">
        <h1>Sources and queue</h1>
        <span className="small t2 cut" title={outbound?.sentence}>
          {listed === null ? '' : `${enabled.length} of ${sources.length} switched on`}
          {outbound === null || outbound.sentence === '' ? '' : `. ${outbound.sentence}`}
        </span>
        <div className="facts">
          <PauseAll />
        </div>
      </div>
      {fault === null ? null : (
        <Notice
          actions={
            <button type="button" className="button compact" onClick={refreshAsking}>
              Try again
            </button>
          }
        >
          <b>Sources could not be read.</b> {fault}
        </Notice>
      )}
      {isFull ? (
        <Notice>
          <b>The database is at its maximum size.</b> {AT_MAXIMUM}
        </Notice>
      ) : null}
      {listed === null ? null : <SecretStoreNotice store={listed.secretStore} />}
      <div className="sourcesbody">
        <SourcesTable
          sources={sources}
          selected={selected?.source ?? null}
          onSelect={setChosen}
          now={now}
          zone={zone}
          loading={listed === null && fault === null}
        />
        <div className="cols2">
          <div className="sourcesbelow">
            <div className="segments underhead" role="group" aria-label="Below the sources">
              <button type="button" aria-pressed={below === 'queue'} onClick={() => showBelow('queue')}>
                Queue
              </button>
              <button type="button" aria-pressed={below === 'log'} onClick={() => showBelow('log')}>
                What left this machine
              </button>
            </div>
            {below === 'log' ? (
              <RequestLog sources={sources} zone={zone} />
            ) : sources.length > 0 && sources.every(({ key }) => key.place === null && key.fault === null) ? (
              <GettingStarted sources={sources} onSource={setChosen} />
            ) : (
              <QueuePanel outbound={outbound} zone={zone} now={now} />
            )}
          </div>
          {selected === undefined || listed === null ? (
            <aside className="pane" aria-label="Settings of a source" />
          ) : (
            <SettingsPane key={selected.source} view={selected} secretStore={listed.secretStore} />
          )}
        </div>
      </div>
    </section>
  );
}

function PauseAll(): ReactNode {
  const sources = useAsking((state) => state.listed?.sources);
  const offline = useApp((state) => state.boot?.settings.offline === true);
  const enabled = enabledOf(sources ?? []);
  const isHeld = enabled.length > 0 && enabled.every((source) => source.state === 'paused');
  return (
    <button
      type="button"
      className="button"
      disabled={enabled.length === 0 || offline}
      title={offline ? 'Offline: nothing is sent anyway' : undefined}
      onClick={() => void holdQueue({}, !isHeld)}
    >
      {isHeld ? 'Resume all' : 'Pause all'}
    </button>
  );
}
