import type { ApiWorld } from '../server/api.ts';
import { drawFrom } from '../server/draw.ts';
import type { FileRecord } from '../server/world.ts';

/** Words the appliance and its cloud use for a file. */
export type Classification = 'malicious' | 'suspicious' | 'goodware' | 'unknown';

/** What is odd about a file: whose word it is, and fields put in or left out of what is told about it. */
export interface Oddity {
  /** The appliance's own word; null while it processes the file. */
  readonly local?: Classification | null;
  /** The cloud's word; null when the cloud was never asked about it. */
  readonly cloud?: Classification | null;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly without?: readonly string[];
  /** Left out of lists although it is on the appliance. */
  readonly isLeftOut?: boolean;
  /** Further entries in lists about the same digest, each the file's own with these fields put in. */
  readonly again?: readonly Readonly<Record<string, unknown>>[];
}

/** Where a file is and what is said about it there. */
export interface Shelved {
  readonly record: FileRecord;
  readonly isOnAppliance: boolean;
  readonly local: Classification | null;
  readonly cloud: Classification | null;
  readonly odd: Oddity;
}

/** Files by any of their digests: on the appliance, in its cloud only, or nowhere. */
export interface Shelf {
  /** Null when neither the appliance nor its cloud has it. */
  find(hash: string, world: ApiWorld): Shelved | null;
  place(digests: readonly string[], where: 'appliance' | 'cloud'): void;
  say(hash: string, odd: Oddity): void;
}

/** Of files somebody knows, this much was uploaded to the appliance; the rest only its cloud has. */
const ON_APPLIANCE_SHARE = 0.7;
/** Of files on the appliance, these shares its cloud never saw, and sees differently. */
const CLOUDLESS_SHARE = 0.1;
const DISAGREEMENT_SHARE = 0.06;

const WORDS = { malicious: 'malicious', suspicious: 'suspicious', 'non-malicious': 'goodware' } as const;
const OTHER_WORD = { malicious: 'goodware', suspicious: 'malicious', goodware: 'suspicious' } as const;

/** Draws the place of each file from its digest, unless it was told. */
export function createShelf(): Shelf {
  const places = new Map<string, 'appliance' | 'cloud'>();
  const odd = new Map<string, Oddity>();
  return {
    find(hash, world) {
      const record = world.find(hash);
      return record === null ? null : shelved(record, places.get(record.sha256), odd.get(record.sha256) ?? {});
    },
    place: (digests, where) => digests.forEach((digest) => void places.set(digest.toLowerCase(), where)),
    say: (hash, what) => void odd.set(hash.toLowerCase(), what),
  };
}

function shelved(record: FileRecord, place: 'appliance' | 'cloud' | undefined, odd: Oddity): Shelved | null {
  if (record.status === 'pending' && place === 'cloud') {
    // Only an appliance has files that wait for their verdict.
    return null;
  }
  const draw = drawFrom(`appliance/${record.sha256}`);
  const drawnPlace = record.status === 'pending' || draw.at(0) < ON_APPLIANCE_SHARE ? 'appliance' : 'cloud';
  const word = record.status === 'pending' ? null : WORDS[record.status];
  const told = draw.at(2) < DISAGREEMENT_SHARE && word !== null ? OTHER_WORD[word] : word;
  const isOnAppliance = (place ?? drawnPlace) === 'appliance';
  const seen = isOnAppliance && draw.at(1) < CLOUDLESS_SHARE ? null : told;
  return {
    record,
    isOnAppliance,
    local: odd.local === undefined ? word : odd.local,
    // Where only the cloud has a file, its word is the one there is.
    cloud: odd.cloud === undefined ? (isOnAppliance ? seen : word) : odd.cloud,
    odd,
  };
}
