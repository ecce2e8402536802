import type { Handlers, PushName, PushPayload } from '#shared/contract/index.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../db/port.ts';
import type { Timer } from '../jobs/outbound/port.ts';
import type { AnnotationService } from './annotations/port.ts';
import type { CacheService } from './cache/port.ts';
import type { HashListService } from './hash-list/port.ts';
import type { HistoryService } from './history/port.ts';
import type { IntakeService } from './intake/port.ts';
import type { Network } from '../net/port.ts';
import type { Notifications } from '../platform/notifications.ts';
import type { Printer } from '../platform/printer.ts';
import type { Secrets } from '../platform/secrets/port.ts';
import type { KnownSetsService } from './known-sets/port.ts';
import type { LifeService } from './life/port.ts';
import type { LookupService } from './lookup/port.ts';
import type { OutboundService } from './outbound/port.ts';
import type { ReportService } from './report/port.ts';
import type { ReviewService } from './review/port.ts';
import type { ScanningService } from './scanning/port.ts';
import type { SourcesService } from './sources/port.ts';
import type { ThreatSyncService } from './threat-sync/port.ts';
import type { UsageService } from './usage/port.ts';
import type { Recording } from './usage/recording/recording.ts';
import type { AcceleratorKeeper } from './triage/accelerator/keeper.ts';

/** Window preferences, kept in a file by electron-store or conf. */
export interface PreferencesStore {
  get(): Preferences;
  set(change: Partial<Preferences>): Preferences;
}

/** Where exports go: a dialog where the shell has one, else a free name in the downloads folder. Null: none chosen. */
export interface SaveTarget {
  choose(suggestedName: string): Promise<string | null>;
}

export interface EngineOptions {
  /** The data directory; made when absent. */
  readonly directory: string;
  /** `workers` for shells that answer a window; `inline` runs SQLite and reading in place, for the terminal. */
  readonly threads: 'workers' | 'inline';
  readonly shell: 'electron' | 'chromium' | 'terminal';
  readonly clock?: Clock;
  /** Stamps a new directory for simulated sources; SIMULATED_MIX when it holds data. A stamped one stays so without it. */
  readonly simulated?: boolean;
  readonly preferences?: PreferencesStore;
  readonly saveTarget?: SaveTarget;
  readonly showInFolder?: (path: string) => void;
  /** Prints reports; absent where no browser engine can be had. */
  readonly printer?: Printer;
  /** The desktop's notifications; absent where the shell has none: then only the window tells. */
  readonly notifications?: Notifications;
  /** Opens an https page in the system's browser. The address was checked; the shell adds nothing. Rejects when it cannot. */
  readonly openPage?: (url: string) => void | Promise<void>;
  /** Starts another program on a directory of its own with simulated sources. */
  readonly startDemo?: () => void;
  readonly startAtLogin?: { get(): boolean; set(on: boolean): void };
  /** Where keys are kept; absent: environment, then the chosen store of this directory. */
  readonly secrets?: Secrets;
  /** How requests leave the machine; absent: undici under this directory's rules. */
  readonly network?: Network;
  /**
   * For tests and measurements only: the length of a minute, whether known answers save calls, and timers that follow
   * `clock` where that is not the system's.
   */
  readonly asking?: { readonly minuteMs?: number; readonly avoid?: boolean; readonly timer?: Timer };
  /** For tests only: bytes of one MiB of the setting `maxDatabaseMiB`. */
  readonly bytesPerMiB?: number;
  /** Told of faults in background work, for the log. */
  readonly onFault?: (what: string, error: unknown) => void;
}

/** Pushes as they leave the engine; a shell forwards them to its window. */
export type PushListener = <N extends PushName>(name: N, payload: PushPayload<N>) => void;

/** The running engine: what the three shells open. */
export interface Engine {
  readonly directory: string;
  readonly database: Database;
  /** What a person must be told about how the database was found; null when it was sound. */
  readonly startNotice: string | null;
  readonly intakes: IntakeService;
  readonly annotations: AnnotationService;
  readonly hashList: HashListService;
  readonly knownSets: KnownSetsService;
  readonly cache: CacheService;
  readonly sources: SourcesService;
  readonly outbound: OutboundService;
  readonly scanning: ScanningService;
  readonly lookup: LookupService;
  readonly life: LifeService;
  readonly history: HistoryService;
  readonly reports: ReportService;
  readonly review: ReviewService;
  readonly threatSync: ThreatSyncService;
  /** What is recorded for the board; settle it before looking. */
  readonly recording: Recording;
  readonly usage: UsageService;
  /** Who is named beside what is written. */
  analyst(): Promise<string>;
  /** The directory is stamped: it holds answers of simulated sources. */
  readonly simulated: boolean;
  readonly accelerator: AcceleratorKeeper;
  /** What the router binds to the contract. */
  readonly handlers: Handlers;
  onPush(listener: PushListener): () => void;
  /** Keeps paths (dropped, chosen, from argv) under a handle the window may name; the paths never reach it. */
  registerPaths(paths: readonly string[]): { readonly handle: string; readonly names: readonly string[] };
  /** True while jobs run; a shell asks before it quits then. */
  busy(): boolean;
  /** Cancels jobs, keeps what they did, closes everything in reverse order. Never longer than 5 s. */
  dispose(): Promise<void>;
}
