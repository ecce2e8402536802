import { setSettings, useApp } from './store.ts';

/** The one switch for all processes of this data directory. */
export function toggleOffline(): void {
  const { boot } = useApp.getState();
  if (boot !== null) {
    setSettings({ offline: !boot.settings.offline });
  }
}
