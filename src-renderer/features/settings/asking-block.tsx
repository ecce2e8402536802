import type { ReactNode } from 'react';
import { LOG_DAYS } from '#shared/settings/plain.ts';
import { setPreferences, setSettings, sayFault, useApp } from '../../app/store.ts';
import { call } from '../../bridge/client.ts';
import { Choice } from '../../components/choice.tsx';
import { NumberField } from './number-field.tsx';

/** What leaves this machine, what is kept of it, and what goes on without a window. */
export function AskingBlock(): ReactNode {
  const boot = useApp((state) => state.boot);
  if (boot === null) {
    return null;
  }
  const { settings, preferences } = boot;
  return (
    <div className="block">
      <label className="row switchrow">
        <input
          type="checkbox"
          role="switch"
          className="switch"
          checked={settings.offline}
          onChange={() => setSettings({ offline: !settings.offline })}
        />
        Offline: nothing leaves this machine, whichever process would send it
      </label>
      <Choice
        legend="Compact answers kept beside the items"
        value={settings.keepReports}
        onValue={(keepReports) => setSettings({ keepReports })}
        options={[
          { value: 'all', label: 'Of every file' },
          {
            value: 'malicious-and-suspicious',
            label: 'Of malicious and suspicious files only',
            hint: 'Status, score, threat name and the source’s own code are kept of all',
          },
        ]}
      />
      <div className="form">
        <NumberField
          id="request-log-days"
          label="Record of requests"
          unit="days"
          value={settings.requestLogDays}
          min={LOG_DAYS.least}
          max={LOG_DAYS.most}
          hint="What left this machine, and when. The running month is always kept."
          onValue={(requestLogDays) => setSettings({ requestLogDays })}
        />
      </div>
      <OnClose shell={boot.shell} value={preferences.onClose} />
      {boot.startAtLogin === null ? null : (
        <label className="row switchrow">
          <input
            type="checkbox"
            role="switch"
            className="switch"
            checked={boot.startAtLogin}
            onChange={() => setStartAtLogin(boot.startAtLogin !== true)}
          />
          Start when I log in, without a window, and go on with the queue
        </label>
      )}
    </div>
  );
}

function OnClose(props: {
  readonly shell: 'electron' | 'chromium';
  readonly value: 'ask' | 'keep-working' | 'stop';
}): ReactNode {
  return props.shell === 'electron' ? (
    <Choice
      legend="When the window is closed while hashes wait to be asked"
      value={props.value}
      onValue={(onClose) => setPreferences({ onClose })}
      options={[
        { value: 'ask', label: 'Ask once, and remember' },
        { value: 'keep-working', label: 'Keep working in the tray' },
        { value: 'stop', label: 'Stop', hint: 'What waits stays in the queue until Assay runs again' },
      ]}
    />
  ) : (
    <p className="small t2">
      Closing this window ends Assay. What waits stays in the queue; <code>assay run</code> goes on with it without a
      window.
    </p>
  );
}

function setStartAtLogin(on: boolean): void {
  call('app.setStartAtLogin', { on }).then(
    (now) =>
      useApp.setState((state) => ({ boot: state.boot === null ? null : { ...state.boot, startAtLogin: now.on } })),
    sayFault,
  );
}
