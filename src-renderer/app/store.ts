import { create } from 'zustand';
import type { Bootstrap, CacheStats, Job } from '#shared/contract/app.ts';
import type { Preferences, Settings } from '#shared/settings/schema.ts';
import { call, onPush, registerFiles, sentenceOf } from '../bridge/client.ts';
import { spaced } from '../bridge/spaced.ts';
import type { Opening } from './open-as.ts';
import type { View } from './views.ts';

/** A line at the foot of the window: what was done, and at most one step from there. */
export interface Message {
  readonly id: number;
  readonly text: string;
  readonly isError: boolean;
  readonly action?: { readonly label: string; readonly run: () => void };
}

interface AppState {
  readonly boot: Bootstrap | null;
  readonly bootError: string | null;
  readonly view: View;
  /** The intake the triage view shows; null is its home. */
  readonly intakeId: number | null;
  /** The intake that was left for the home. */
  readonly cameFrom: number | null;
  readonly jobs: readonly Job[];
  readonly message: Message | null;
  readonly overlay: 'none' | 'palette' | 'keys' | 'paste' | 'open-as' | 'verify-report';
  /** What is about to be read under the overlay of that name. */
  readonly opening: Opening | null;
  /** What happened to the data when it was opened; null once it was read. */
  readonly startNotice: string | null;
  readonly announcement: string;
  /** Of the open intake, for the title of the window. */
  readonly title: string;
}

export const useApp = create<AppState>(() => ({
  boot: null,
  bootError: null,
  view: 'triage',
  intakeId: null,
  cameFrom: null,
  jobs: [],
  message: null,
  overlay: 'none',
  opening: null,
  startNotice: null,
  announcement: '',
  title: '',
}));

const STATS_GAP_MS = 300;
let messages = 0;

/** Shows a line at the foot until the next one, or until it is dismissed. */
export function say(
  text: string,
  options: { readonly action?: Message['action']; readonly isError?: boolean } = {},
): void {
  messages += 1;
  const { action } = options;
  useApp.setState({
    message: { id: messages, text, isError: options.isError === true, ...(action === undefined ? {} : { action }) },
    announcement: text,
  });
}

/** Told to screen readers only. */
export function announce(text: string): void {
  useApp.setState({ announcement: text });
}

/** Shows what went wrong, in its own sentence. */
export function sayFault(error: unknown): void {
  say(sentenceOf(error), { isError: true });
}

export function dismissStartNotice(): void {
  useApp.setState({ startNotice: null });
}

export function dismiss(): void {
  useApp.setState({ message: null });
}

export function show(view: View): void {
  useApp.setState({ view, overlay: 'none' });
}

export function openIntake(intakeId: number | null): void {
  useApp.setState((before) => ({
    view: 'triage',
    intakeId,
    overlay: 'none',
    cameFrom: intakeId === null ? before.intakeId : null,
    // What offered to open an intake is answered by opening one.
    message: before.message?.action?.label === 'Open' ? null : before.message,
  }));
}

export function setOverlay(overlay: AppState['overlay']): void {
  useApp.setState(overlay === 'none' ? { overlay, opening: null } : { overlay });
}

/** The preferences of this window; defaults of the contract until it has started. */
export function usePreferences(): Preferences | null {
  return useApp((state) => state.boot?.preferences ?? null);
}

/** Who works here: by the settings, else by the account. */
export function useAnalyst(): string {
  return useApp(({ boot }) => (boot === null ? '' : boot.settings.analyst.trim() || boot.user));
}

export function setPreferences(change: Partial<Preferences>): void {
  const { boot } = useApp.getState();
  if (boot !== null) {
    useApp.setState({ boot: { ...boot, preferences: { ...boot.preferences, ...change } } });
    call('preferences.set', change).catch(sayFault);
  }
}

export function setSettings(change: Partial<Settings>): void {
  call('settings.set', change).then(
    (settings) => useApp.setState((state) => ({ boot: state.boot === null ? null : { ...state.boot, settings } })),
    sayFault,
  );
}

/** Reads dropped or chosen files into one new intake and shows it. */
export async function readFiles(files: readonly File[], as: 'auto' | 'sample' = 'auto'): Promise<void> {
  if (files.length === 0) {
    return;
  }
  try {
    const { handle, names } = await registerFiles(files);
    await readHandle(handle, as);
    const missing = files.length - names.length;
    if (missing > 0) {
      const are = missing === 1 ? 'is not a file' : 'are not files';
      say(`${missing} of ${files.length} things dropped ${are} on this machine. Save them first, then drop them.`, {
        isError: true,
      });
    }
  } catch (error) {
    sayFault(error);
  }
}

async function readHandle(handle: string, as: 'auto' | 'sample'): Promise<void> {
  const { intakeId } = await call('intake.start', { handle, reading: { as } });
  openIntake(intakeId);
}

/** Reads pasted or dropped text into a new intake and shows it. */
export async function readText(text: string): Promise<void> {
  try {
    const { intakeId } = await call('intake.startText', { text, title: 'Pasted text', reading: { as: 'auto' } });
    openIntake(intakeId);
  } catch (error) {
    sayFault(error);
  }
}

export async function readSample(): Promise<void> {
  try {
    openIntake((await call('intake.startSample', {})).intakeId);
  } catch (error) {
    sayFault(error);
  }
}

/** Asks for everything the first paint needs and keeps it up to date. Returns the end of it. */
export function startApp(): () => void {
  call('app.bootstrap', {}).then(
    (boot) => {
      useApp.setState({ boot, jobs: boot.jobs, bootError: null, startNotice: boot.startNotice });
    },
    (error: unknown) => useApp.setState({ bootError: sentenceOf(error) }),
  );
  const stats = spaced(refreshStats, STATS_GAP_MS);
  // Out of sight the shell may ask how to go on, and the system may be told not to start it at login.
  const onSight = (): void => {
    if (document.visibilityState === 'visible') {
      void refreshSettings();
    }
  };
  document.addEventListener('visibilitychange', onSight);
  const stops = [
    stats.stop,
    () => document.removeEventListener('visibilitychange', onSight),
    onPush('job', (job) => takeJob(job)),
    onPush('openFiles', ({ handle }) => void readHandle(handle, 'auto').catch(sayFault)),
    onPush('changed', ({ kinds }) => {
      stats.ask();
      if (kinds.includes('settings')) {
        void refreshSettings();
      }
    }),
  ];
  return () => stops.forEach((stop) => stop());
}

function takeJob(job: Job): void {
  const { jobs } = useApp.getState();
  const others = jobs.filter((other) => other.jobId !== job.jobId);
  useApp.setState({ jobs: [...others, job].slice(-50) });
  if (job.state !== 'running' && !isAwaited(job)) {
    void refreshStats();
    if (job.state === 'failed') {
      say(job.message, { isError: true });
    } else if (job.path !== null) {
      const { path } = job;
      say(job.message, {
        action: { label: 'Show in folder', run: () => void call('app.showInFolder', { path }).catch(sayFault) },
      });
    } else if (isInView(job)) {
      // The view itself shows the end of it.
      announce(job.message);
    } else {
      say(job.message, whereTo(job));
    }
  }
}

/** What asked for it says how it ended: the dialog that verifies, the notice that tried a password. */
function isAwaited({ kind, intakeId }: Job): boolean {
  return kind === 'verify' || (kind === 'intake' && intakeId === null);
}

function isInView({ kind, intakeId }: Job): boolean {
  const present = useApp.getState();
  // Whoever wrote notes is told by what asked for it, with the way back.
  const isTold = kind === 'judge' || kind === 'annotate';
  return isTold || (kind === 'intake' && present.view === 'triage' && present.intakeId === intakeId);
}

function whereTo({ kind, intakeId, state }: Job): { readonly action?: NonNullable<Message['action']> } {
  return kind === 'intake' && intakeId !== null && state === 'done'
    ? { action: { label: 'Open', run: () => openIntake(intakeId) } }
    : {};
}

async function refreshStats(): Promise<void> {
  try {
    const stats: CacheStats = await call('app.stats', {});
    useApp.setState((state) => ({ boot: state.boot === null ? null : { ...state.boot, stats } }));
  } catch {
    // The status bar keeps its last figures; whatever is wrong shows where it matters.
  }
}

/** Another process, or another place of this window, changed what holds for all of them. */
async function refreshSettings(): Promise<void> {
  try {
    const { settings, startAtLogin, preferences } = await call('app.bootstrap', {});
    useApp.setState(({ boot }) => ({
      // The other preferences are this window’s own, and may be on their way to where they are kept.
      boot:
        boot === null
          ? null
          : { ...boot, settings, startAtLogin, preferences: { ...boot.preferences, onClose: preferences.onClose } },
    }));
  } catch {
    // What is shown stays until the next change; a fault of the engine shows where something is done.
  }
}
