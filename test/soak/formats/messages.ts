/** What the process that reads tells the one that watches it, a line of JSON each. */
export type FuzzMessage =
  | { readonly kind: 'begin'; readonly number: number }
  /** An input is made smaller, or one more is read meanwhile: the process is not stuck. */
  | { readonly kind: 'alive' }
  | {
      readonly kind: 'done';
      readonly number: number;
      readonly wrong: readonly string[];
      readonly formats: readonly string[];
      readonly reads: number;
      readonly milliseconds: number;
      readonly residentMb: number;
    };

/** How the process is started: its work as JSON in its first argument. */
export interface FuzzTask {
  readonly directory: string;
  /** Where failing inputs are kept. */
  readonly failures: string;
  readonly seed: number;
  /** The first input's number. */
  readonly from: number;
  /** The number after the last one; null: until it is told to end. */
  readonly to: number | null;
}
