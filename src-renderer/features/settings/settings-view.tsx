import { useState, type ReactNode } from 'react';
import type { SourceId } from '#shared/domain/source.ts';
import { useAsking } from '../../app/asking.ts';
import { KeyTable } from '../../app/keys/key-map.tsx';
import { setPreferences, setSettings, useApp } from '../../app/store.ts';
import { Choice } from '../../components/choice.tsx';
import { AskingBlock } from './asking-block.tsx';
import { CacheBlock } from './cache-block.tsx';
import { LifePage } from './life/life-page.tsx';
import { NumberField } from './number-field.tsx';
import { ThresholdFields } from './threshold-fields.tsx';
import { UsageBlock } from './usage-block.tsx';

const SECTIONS = [
  'Window',
  'Asking sources',
  'Life of items',
  'Verdict rules',
  'Reputation board',
  'Cache',
  'Keyboard',
  'About',
] as const;
type Section = (typeof SECTIONS)[number];

export function SettingsView(): ReactNode {
  const boot = useApp((state) => state.boot);
  const [section, setSection] = useState<Section>('Window');
  if (boot === null) {
    return null;
  }
  return (
    <section className="view">
      <div className="viewhead">
        <h1>Settings</h1>
      </div>
      <div className="settings">
        <nav aria-label="Settings">
          {SECTIONS.map((name) => (
            <button
              key={name}
              type="button"
              aria-current={name === section ? 'page' : undefined}
              onClick={() => setSection(name)}
            >
              {name}
            </button>
          ))}
        </nav>
        <div className="settingspage" tabIndex={0} role="region" aria-label={section}>
          {section === 'Window' ? <WindowBlock /> : null}
          {section === 'Asking sources' ? <AskingBlock /> : null}
          {section === 'Life of items' ? <LifePage /> : null}
          {section === 'Verdict rules' ? <RulesBlock /> : null}
          {section === 'Reputation board' ? <UsageBlock /> : null}
          {section === 'Cache' ? <CacheBlock stats={boot.stats} directory={boot.dataDirectory} /> : null}
          {section === 'Keyboard' ? <KeyTable /> : null}
          {section === 'About' ? <About version={boot.version} shell={boot.shell} /> : null}
        </div>
      </div>
    </section>
  );
}

function WindowBlock(): ReactNode {
  const preferences = useApp((state) => state.boot?.preferences);
  if (preferences === undefined) {
    return null;
  }
  return (
    <div className="block">
      <Choice
        legend="Theme"
        value={preferences.theme}
        onValue={(theme) => setPreferences({ theme })}
        options={[
          { value: 'system', label: 'As the system' },
          { value: 'light', label: 'Light' },
          { value: 'dark', label: 'Dark' },
        ]}
      />
      <Choice
        legend="Rows"
        value={preferences.density}
        onValue={(density) => setPreferences({ density })}
        options={[
          { value: 'regular', label: 'Regular, 28 pixels' },
          { value: 'compact', label: 'Compact, 22 pixels' },
        ]}
      />
      <Choice
        legend="Times"
        value={preferences.times}
        onValue={(times) => setPreferences({ times })}
        options={[
          { value: 'local', label: 'Local time' },
          { value: 'utc', label: 'UTC', hint: 'Exports are always in UTC' },
        ]}
      />
    </div>
  );
}

function RulesBlock(): ReactNode {
  const boot = useApp((state) => state.boot);
  const listed = useAsking((state) => state.listed);
  const [name, setName] = useState(boot?.settings.analyst ?? '');
  if (boot === null) {
    return null;
  }
  const { settings } = boot;
  const ownOf = (id: SourceId) => listed?.sources.find(({ source }) => source === id)?.facts.thresholds ?? null;
  const [engines, risk] = [ownOf('virustotal'), ownOf('recorded-future')];
  return (
    <div className="block">
      <div className="form">
        <NumberField
          id="stale-after"
          label="Stale after"
          unit="days"
          value={settings.staleAfterDays}
          min={1}
          max={3650}
          hint="Older answers are marked; they still count."
          onValue={(staleAfterDays) => setSettings({ staleAfterDays })}
        />
        <label htmlFor="analyst">Your name</label>
        <span className="stack">
          <input
            id="analyst"
            className="field"
            value={name}
            maxLength={120}
            placeholder={boot.user}
            onChange={(event) => setName(event.target.value)}
            onBlur={() => name !== settings.analyst && setSettings({ analyst: name })}
          />
          <span className="hint">Written beside hash-list entries. Empty: the account’s own name.</span>
        </span>
      </div>
      <ThresholdFields
        id="virustotal"
        title="VirusTotal"
        unit="engines"
        own={engines}
        most={100}
        value={settings.virustotalThreshold}
        onValue={(virustotalThreshold) => setSettings({ virustotalThreshold })}
      />
      <ThresholdFields
        id="recorded-future"
        title="Recorded Future"
        unit="risk score"
        own={risk}
        most={99}
        value={settings.recordedFutureThreshold}
        onValue={(recordedFutureThreshold) => setSettings({ recordedFutureThreshold })}
      />
      <p className="small t2">
        {engines === null || risk === null
          ? ''
          : `Empty: Assay’s own, ${engines.malicious} and ${engines.suspicious} engines, a risk of ${risk.malicious} and ${risk.suspicious}; imported answers keep their status. `}
        Risk below both is unknown, as Recorded Future calls no file clean. Changes act at once; verdicts as triaged
        stay as they were.
      </p>
    </div>
  );
}

function About({ version, shell }: { readonly version: string; readonly shell: string }): ReactNode {
  return (
    <div className="block">
      <p>
        Assay {version}, window in {shell === 'electron' ? 'Electron' : 'an installed browser'}.
      </p>
      <p className="t2">
        Only hashes leave this machine, only to sources that are switched on, and each request is on record in Sources.
        Lists, file names, paths and samples never leave it.
      </p>
    </div>
  );
}
