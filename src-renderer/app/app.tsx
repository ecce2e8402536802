import { Component, useEffect, type ReactNode } from 'react';
import { onPush } from '../bridge/client.ts';
import { ChangesView, showFlips } from '../features/changes/index.ts';
import { HashListView } from '../features/hash-list/index.ts';
import { KnownSetsView } from '../features/known-sets/index.ts';

import { LookupView } from '../features/lookup/index.ts';
import { SettingsView } from '../features/settings/index.ts';
import { SourcesView } from '../features/sources/index.ts';
import { SyncView } from '../features/sync/index.ts';
import { OpenAsDialog, TriageView } from '../features/triage/index.ts';
import { UsageView } from '../features/usage/index.ts';
import { startAsking } from './asking.ts';
import { DropTarget } from './frame/drop-target.tsx';
import { JobLines } from './frame/job-lines.tsx';
import { KeyMap } from './keys/key-map.tsx';
import { useLeaveQuestion } from './leaving.ts';
import { MessageBar } from './frame/message-bar.tsx';
import { VerifyDialog } from '../features/report/index.ts';
import { Palette } from './palette.tsx';
import { PasteDialog } from './paste-dialog.tsx';
import { Rail } from './frame/rail.tsx';
import { useGlobalKeys } from './keys/shortcuts.ts';
import { StartNotice } from './frame/start-notice.tsx';
import { StatusBar } from './frame/status-bar.tsx';
import { startApp, useApp } from './store.ts';
import { useTheme } from './theme.ts';
import { TopBar } from './frame/top-bar.tsx';
import type { View } from './views.ts';

const SCREENS: Readonly<Record<View, () => ReactNode>> = {
  triage: TriageView,
  lookup: LookupView,
  'hash-list': HashListView,
  sources: SourcesView,
  'known-sets': KnownSetsView,
  changes: ChangesView,
  sync: SyncView,
  usage: UsageView,
  settings: SettingsView,
};

export function App(): ReactNode {
  useEffect(() => startApp(), []);
  useEffect(() => startAsking(), []);
  useEffect(() => onPush('openView', showFlips), []);
  useTheme();
  useGlobalKeys();
  useLeaveQuestion();
  const { boot, bootError, view, overlay, opening, announcement, title } = useApp();
  const simulated = boot?.simulated === true;
  useEffect(() => {
    const product = simulated ? 'Assay (simulated)' : 'Assay';
    document.title = title === '' ? product : `${title} – ${product}`;
  }, [title, simulated]);
  const Screen = SCREENS[view];
  return (
    <DropTarget>
      <TopBar />
      <Rail />
      <main>
        {bootError === null ? null : (
          <div className="middle" role="alert">
            <h1>Assay could not start</h1>
            <p>{bootError}</p>
          </div>
        )}
        {boot === null ? null : (
          <FaultGuard key={view}>
            <Screen />
          </FaultGuard>
        )}
        <MessageBar />
      </main>
      <div className="footlines">
        <StartNotice />
        <JobLines />
      </div>
      <StatusBar />
      {overlay === 'palette' ? <Palette /> : null}
      {overlay === 'keys' ? <KeyMap /> : null}
      {overlay === 'paste' ? <PasteDialog /> : null}
      {overlay === 'verify-report' ? <VerifyDialog /> : null}
      {overlay === 'open-as' && opening !== null ? <OpenAsDialog opening={opening} /> : null}
      <div className="visually-hidden" role="status" aria-live="polite">
        {announcement}
      </div>
    </DropTarget>
  );
}

/** A fault in one view leaves the others and the data alone. */
class FaultGuard extends Component<{ readonly children: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false };
  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true };
  }
  override render(): ReactNode {
    return this.state.failed ? (
      <div className="middle" role="alert">
        <h1>This view stopped with an unexpected fault</h1>
        <p className="t2">Nothing was lost; all data is kept on disk.</p>
        <button type="button" className="button" onClick={() => this.setState({ failed: false })}>
          Open the view again
        </button>
      </div>
    ) : (
      this.props.children
    );
  }
}
