import type { ReactNode } from 'react';
import { Icon } from '../../components/icon.tsx';
import { KeyCap } from '../keys/key-cap.tsx';
import { toggleOffline } from '../offline.ts';
import { setOverlay, useApp } from '../store.ts';
import { toggleTheme } from '../theme.ts';

export function TopBar(): ReactNode {
  const simulated = useApp((state) => state.boot?.simulated === true);
  return (
    <header className="topbar">
      <div className="brand">
        <Icon name="assay" />
        <span className="brandname">Assay</span>
        {simulated ? (
          <span className="tag simulated" title="Sources of this data directory are simulated: no answer is real">
            simulated
          </span>
        ) : null}
      </div>
      <button type="button" className="command" onClick={() => setOverlay('palette')}>
        <Icon name="search" />
        <span className="grow">Paste hashes or a list, find an intake or an action</span>
        <KeyCap keys="Ctrl K" />
      </button>
      <div className="end">
        <OfflineButton />
        <button
          type="button"
          className="button plain square"
          aria-label="Switch between light and dark"
          onClick={toggleTheme}
        >
          <Icon name="theme" />
        </button>
      </div>
    </header>
  );
}

function OfflineButton(): ReactNode {
  const offline = useApp((state) => state.boot?.settings.offline);
  return offline === undefined ? null : (
    <button
      type="button"
      className={offline ? 'button compact' : 'button plain compact'}
      title={
        offline
          ? 'Nothing leaves this machine, whichever process would send it. Press to go online.'
          : 'Switched-on sources may be asked. Press to go offline, for all processes at once.'
      }
      onClick={toggleOffline}
    >
      <Icon name={offline ? 'offline' : 'online'} />
      <span>{offline ? 'Offline' : 'Online'}</span>
    </button>
  );
}
