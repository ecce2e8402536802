/** What happened to one table of a damaged database. */
export interface SalvagedTable {
  readonly table: string;
  readonly saved: number;
  /** Rows that were there and could not be saved, as far as it is known; null when nobody can tell. */
  readonly lost: number | null;
}

/** How a damaged database was replaced. The damaged file is never changed. */
export interface SalvageReport {
  /** What was found wrong, as a sentence. */
  readonly reason: string;
  /** Where the damaged files lie now; null when there was no file left to keep. */
  readonly keptAt: string | null;
  readonly tables: readonly SalvagedTable[];
}
