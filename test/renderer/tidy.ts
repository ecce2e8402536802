// Run before every file: files share a process and its modules, and what a module registers, it registers for one file only.
import { cleanup, configure } from '@testing-library/react';
import { afterEach, vi } from 'vitest';
import { useAsking } from '#renderer/app/asking.ts';
import { useLookUp } from '#renderer/app/look-up.ts';
import { useApp } from '#renderer/app/store.ts';
import { useChanges } from '#renderer/features/changes/store.ts';
import { useLifeDraft } from '#renderer/features/settings/life/drafts.ts';
import { useDrafts } from '#renderer/features/sources/settings/drafts.ts';
import { useSyncDrafts } from '#renderer/features/sync/form/drafts.ts';
import { useSync } from '#renderer/features/sync/store.ts';
import { useBoardState } from '#renderer/features/usage/board/store.ts';

// Patience for a machine that does other things as well; nothing waits longer than it must.
configure({ asyncUtilTimeout: 60_000 });

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  useApp.setState(useApp.getInitialState(), true);
  useAsking.setState(useAsking.getInitialState(), true);
  useBoardState.setState(useBoardState.getInitialState(), true);
  useChanges.setState(useChanges.getInitialState(), true);
  useDrafts.setState(useDrafts.getInitialState(), true);
  useLifeDraft.setState(useLifeDraft.getInitialState(), true);
  useLookUp.setState(useLookUp.getInitialState(), true);
  useSync.setState(useSync.getInitialState(), true);
  useSyncDrafts.setState(useSyncDrafts.getInitialState(), true);
  Reflect.deleteProperty(globalThis, 'assay');
});
