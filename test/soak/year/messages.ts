/** From the process that lives the year to the one that keeps the simulators and the clock. */
export type FromYear =
  /** Time is to be this from now on; the answer is `go`. */
  | { readonly kind: 'now'; readonly now: number; readonly steady: number }
  | { readonly kind: 'event'; readonly index: number }
  | {
      readonly kind: 'purge';
      readonly previewed: { readonly items: number; readonly files: number };
      readonly purged: { readonly items: number; readonly files: number };
    }
  | { readonly kind: 'size'; readonly bytes: number; readonly cap: number }
  | { readonly kind: 'fault'; readonly text: string }
  | { readonly kind: 'note'; readonly text: string };

export interface ToYear {
  readonly kind: 'go';
}

/** What the process is started with, as JSON in its one argument. */
export interface YearStart {
  readonly directory: string;
  readonly seed: number;
  readonly hashes: number;
  readonly days: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Events before this one have happened. */
  readonly nextEvent: number;
  readonly capMiB: number;
  readonly urls: Readonly<Record<string, string>>;
}
