import { existsSync } from 'node:fs';
import { DIGEST_KINDS, type DigestSet } from '#shared/domain/hash.ts';
import type { EntryDetail } from '#shared/contract/intake.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import type { ReadableDb } from '../../../db/handles.ts';
import { intakePlaces, type IntakePlace } from '../../../db/repositories/intakes.ts';
import { IntakeFile } from '../../../intakes/intake-file.ts';
import { intakePlace } from '../places.ts';
import type { SeenIndex } from './seen-index.ts';

/** Other intakes named in a detail. */
const MOST_NAMED = 50;

type Parts = { readonly directory: string; readonly db: ReadableDb };

/** Other kept intakes that hold one of the digests, newest first. */
export function seenElsewhere(parts: Parts, digests: DigestSet, except: number): EntryDetail['elsewhere'] {
  const seen: EntryDetail['elsewhere'] = [];
  eachKept(intakePlaces(parts.db), parts, (place, file) => {
    if (place.id !== except) {
      addPlace(seen, place, file, digests);
    }
    return seen.length < MOST_NAMED;
  });
  return seen;
}

/** For each digest set, the kept intakes that hold one of its digests, newest first: each intake is opened once at most. */
export function seenByAll(
  parts: Parts,
  sets: readonly DigestSet[],
  index: SeenIndex,
): readonly EntryDetail['elsewhere'][] {
  const seen = sets.map((): EntryDetail['elsewhere'] => []);
  const places = intakePlaces(parts.db);
  index.keepOnly(places);
  const worth = places.filter((place) => sets.some((digests) => index.mayHold(place, digests)));
  let spentMs = 0;
  eachKept(worth, parts, (place, file) => {
    for (const [number, digests] of sets.entries()) {
      const named = seen[number];
      if (named !== undefined && named.length < MOST_NAMED) {
        addPlace(named, place, file, digests);
      }
    }
    spentMs = index.learn(place, file, spentMs);
    return true;
  });
  return seen;
}

/** For each digest set, how many kept intakes hold one of its digests. */
export function countHolding(parts: Parts, sets: readonly DigestSet[]): number[] {
  const counts = sets.map(() => 0);
  eachKept(intakePlaces(parts.db), parts, (_, file) => {
    sets.forEach((digests, index) => {
      counts[index] = (counts[index] ?? 0) + (findAny(file, digests) === null ? 0 : 1);
    });
    return true;
  });
  return counts;
}

/** The kept intakes that hold a file, newest first, and how many there are. */
export interface KeptPlaces {
  readonly named: readonly { readonly intakeId: number; readonly title: string }[];
  readonly count: number;
}

/** For each digest set, the kept intakes that hold one of its digests: the `most` newest by name, and the number of all. */
export function placesOfAll(
  parts: Parts,
  sets: readonly DigestSet[],
  index: SeenIndex,
  most: number,
): readonly KeptPlaces[] {
  const found = sets.map(() => ({ named: [] as { intakeId: number; title: string }[], count: 0 }));
  const places = intakePlaces(parts.db);
  index.keepOnly(places);
  let spentMs = 0;
  for (const place of places) {
    const worth = [...sets.entries()].filter(([, digests]) => index.mayHold(place, digests));
    eachKept(worth.length === 0 ? [] : [place], parts, (_, file) => {
      for (const [number, digests] of worth) {
        const one = found[number];
        if (one !== undefined && findAny(file, digests) !== null) {
          one.count += 1;
          one.named.push(...(one.named.length < most ? [{ intakeId: place.id, title: place.title }] : []));
        }
      }
      spentMs = index.learn(place, file, spentMs);
      return true;
    });
  }
  return found;
}

/** Opens kept intakes one after the other while `look` returns true. A damaged or vanished one is passed over. */
export function eachKept(
  places: readonly IntakePlace[],
  parts: Pick<Parts, 'directory'>,
  look: (place: IntakePlace, file: IntakeFile) => boolean,
): void {
  for (const place of places) {
    const path = intakePlace(parts.directory, place.id).file;
    if (place.state === 'reading' || !existsSync(path)) {
      continue;
    }
    let file: IntakeFile | null = null;
    try {
      file = new IntakeFile(path);
      if (!look(place, file)) {
        return;
      }
    } catch (error) {
      // The intake itself says that it is damaged; what others hold is still worth telling.
      if (!isAppError(error)) {
        throw error;
      }
    } finally {
      file?.close();
    }
  }
}

function addPlace(seen: EntryDetail['elsewhere'], place: IntakePlace, file: IntakeFile, digests: DigestSet): void {
  const entry = findAny(file, digests);
  if (entry !== null) {
    const first = file.firstPlace(entry);
    seen.push({ intakeId: place.id, title: place.title, createdAt: place.createdAt, ...first });
  }
}

function findAny(file: IntakeFile, digests: DigestSet): number | null {
  for (const kind of DIGEST_KINDS) {
    const hex = digests[kind];
    const entry = hex === undefined ? null : file.find(kind, Buffer.from(hex, 'hex'));
    if (entry !== null) {
      return entry;
    }
  }
  return null;
}
