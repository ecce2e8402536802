import type { Status } from '#shared/domain/status.ts';
import type { Entry } from './schema.ts';
import type { TitaniumcloudOptions } from './options.ts';

/** What a status word of the service comes to. */
export interface StatusMeaning {
  readonly outcome: 'answer' | 'not-known';
  readonly status: Status;
  /** The status as the service writes it, with the trust factor where that decides: `KNOWN trust=4`. */
  readonly rawCode: string;
}

/** From this trust factor on a known file is hardly trusted; 0 is the most trusted. */
const LOW_TRUST = 4;

/**
 * The meaning of an entry's status, or null for a word the service does not document: such an entry says nothing that
 * may be believed. `KNOWN` means that no trusted source detects anything; `NO_THREATS_FOUND` is used by some answers for a
 * file nobody vouches for. What both count as is the user's to say.
 */
export function meaningOf(
  entry: Pick<Entry, 'status' | 'trust_factor'>,
  options: TitaniumcloudOptions,
): StatusMeaning | null {
  const word = entry.status.trim().toUpperCase();
  switch (word) {
    case 'MALICIOUS':
      return { outcome: 'answer', status: 'malicious', rawCode: word };
    case 'SUSPICIOUS':
      return { outcome: 'answer', status: 'suspicious', rawCode: word };
    case 'KNOWN':
      return known(entry.trust_factor ?? null, options);
    case 'NO_THREATS_FOUND':
      return { outcome: 'answer', status: options.noThreats, rawCode: word };
    case 'UNKNOWN':
      return { outcome: 'not-known', status: 'unknown', rawCode: word };
    default:
      return null;
  }
}

/** The service's word in a kept `rawCode`, or null. */
export function wordOf(rawCode: string): string | null {
  return /^[A-Z_]+/.exec(rawCode)?.[0] ?? null;
}

function known(trust: number | null, { lowTrust }: TitaniumcloudOptions): StatusMeaning {
  return {
    outcome: 'answer',
    status: trust !== null && trust >= LOW_TRUST ? lowTrust : 'non-malicious',
    rawCode: trust === null ? 'KNOWN' : `KNOWN trust=${trust}`,
  };
}
