import type { ForecastRow, PanelData } from '#shared/contract/usage.ts';
import type { PanelId, Split } from '#shared/domain/usage/panels.ts';
import type { SourceId } from '#shared/domain/source.ts';

/** What a process that lives the quarter is started with, as JSON in its one argument. */
export interface QuarterStart {
  readonly directory: string;
  readonly seed: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** A panel to be read, whole intervals of one length; seconds since the epoch. */
export interface PanelAsked {
  readonly panel: PanelId;
  readonly split: Split;
  readonly from: number;
  readonly to: number;
  readonly stepSeconds: number;
}

/** Something a person does. */
export type Deed =
  | { readonly kind: 'list'; readonly name: string; readonly numbers: readonly number[] }
  | { readonly kind: 'look-up'; readonly numbers: readonly number[]; readonly asks: boolean }
  | { readonly kind: 'forget'; readonly name: string }
  | {
      readonly kind: 'hash-list';
      readonly numbers: readonly number[];
      readonly side: 'malicious' | 'non-malicious';
      /** Seconds since the epoch; null for never. */
      readonly expiresAt: number | null;
    }
  | { readonly kind: 'unlist'; readonly numbers: readonly number[] }
  | { readonly kind: 'purge'; readonly days: number }
  | { readonly kind: 'pause' | 'resume'; readonly source: SourceId };

/** What the parent says; each is answered once, when all that follows from it is done. */
export type Told =
  | { readonly kind: 'sources'; readonly urls: Readonly<Record<string, string>> }
  | { readonly kind: 'seek' | 'give-up' | 'settle' | 'forecast' | 'stop' }
  | {
      readonly kind: 'pass' | 'sleep' | 'set-wall';
      readonly milliseconds: number;
      /** It owns asking, and is done only when it looked at the gauges. */
      readonly looks: boolean;
    }
  | { readonly kind: 'deed'; readonly deed: Deed }
  | { readonly kind: 'board'; readonly panels: readonly PanelAsked[] };

/** The answer, by what was told. */
export interface Answers {
  /** Milliseconds to the next timer; null when none is armed. */
  readonly untilNext?: number | null;
  readonly rows?: readonly ForecastRow[];
  readonly panels?: readonly PanelData[];
  /** Items a purge removed. */
  readonly purged?: number;
  readonly fault?: string;
}

export type FromMember =
  | ({ readonly kind: 'done' } & Answers)
  /** A fault of work in the background, as text. */
  | { readonly kind: 'fault'; readonly text: string };
