/** The only five words Assay uses for what is known about a hash, most severe first. */
export const STATUSES = ['malicious', 'suspicious', 'non-malicious', 'pending', 'unknown'] as const;
export type Status = (typeof STATUSES)[number];

/** Code stored in files and tables; its order is severity, higher is worse. Never renumber. */
export const STATUS_CODE: Readonly<Record<Status, number>> = {
  unknown: 0,
  pending: 1,
  'non-malicious': 2,
  suspicious: 3,
  malicious: 4,
};

const BY_CODE: readonly Status[] = ['unknown', 'pending', 'non-malicious', 'suspicious', 'malicious'];

/** Status for a stored code. Throws on a code no version ever wrote: that is damage, not "unknown". */
export function statusOfCode(code: number): Status {
  const status = BY_CODE[code];
  if (status === undefined) {
    throw new RangeError(`status code ${code} is not one of 0 to 4`);
  }
  return status;
}
