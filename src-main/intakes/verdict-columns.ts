/**
 * Verdicts of an intake as columns (packed kind `verdicts`, version 1), one value per entry. `meta` names the
 * `changes.seq` and the policy they reflect and when they were made; a file that is behind is judged again.
 *
 * Two files per intake: `triaged` is written once and kept, `now` is replaced.
 */
export interface VerdictColumns {
  readonly length: number;
  /** STATUS_CODE values. */
  readonly status: Uint8Array;
  /** Index into RULES. */
  readonly rule: Uint8Array;
  /** Source code of the deciding item, 0 for none. */
  readonly source: Uint8Array;
  /** How many further answers share the deciding status, capped at 255. */
  readonly agreeing: Uint8Array;
  /** FLAG bits. */
  readonly flags: Uint8Array;
  /** Seconds since the epoch of the deciding answer, 0 for none. */
  readonly answeredAt: Uint32Array;
}

/** Columns of the given length, every entry `unknown`, never asked. */
export function emptyVerdictColumns(length: number): VerdictColumns {
  return {
    length,
    status: new Uint8Array(length),
    rule: new Uint8Array(length),
    source: new Uint8Array(length),
    agreeing: new Uint8Array(length),
    flags: new Uint8Array(length),
    answeredAt: new Uint32Array(length),
  };
}
