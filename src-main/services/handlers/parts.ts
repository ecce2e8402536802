import type { CallName, Handlers } from '#shared/contract/index.ts';
import type { Settings } from '#shared/settings/schema.ts';
import type { Clock } from '../../platform/clock.ts';
import type { JobBoard } from '../../jobs/job-board.ts';
import type { AnnotationService } from '../annotations/port.ts';
import type { CacheService } from '../cache/port.ts';
import type { EngineOptions, PreferencesStore, SaveTarget } from '../engine-port.ts';
import type { HandleStore } from '../handle-store.ts';
import type { HashListService } from '../hash-list/port.ts';
import type { HistoryService } from '../history/port.ts';
import type { IntakeService } from '../intake/port.ts';
import type { KnownSetsService } from '../known-sets/port.ts';
import type { LifeService } from '../life/port.ts';
import type { LookupService } from '../lookup/port.ts';
import type { OutboundService } from '../outbound/port.ts';
import type { ReportService } from '../report/port.ts';
import type { ReviewService } from '../review/port.ts';
import type { ScanningService } from '../scanning/port.ts';
import type { SourcesService } from '../sources/port.ts';
import type { ThreatSyncService } from '../threat-sync/port.ts';
import type { UsageService } from '../usage/port.ts';

/** What the contract's handlers are made of. */
export interface HandlerParts {
  readonly options: EngineOptions;
  readonly version: string;
  readonly startNotice: string | null;
  /** The directory is stamped: it holds answers of simulated sources. */
  readonly simulated: boolean;
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
  readonly usage: UsageService;
  readonly clock: Clock;
  readonly jobs: JobBoard;
  readonly handles: HandleStore;
  readonly preferences: PreferencesStore;
  readonly saveTarget: SaveTarget;
  readonly settings: {
    get(): Promise<Settings>;
    set(change: { readonly [K in keyof Settings]?: Settings[K] | undefined }): Promise<Settings>;
  };
  /** Who is named beside hash-list entries. */
  analyst(): Promise<string>;
}

/** The handlers of one feature of the contract. */
export type FeatureHandlers<Prefix extends string> = Pick<Handlers, Extract<CallName, `${Prefix}.${string}`>>;
