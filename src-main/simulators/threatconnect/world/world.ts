import { createOwnerBook, type OwnerBook, type SimulatedOwner } from './owner-book.ts';
import { storedIndicator, type IndicatorFields, type NewIndicator, type StoredIndicator } from './indicator.ts';

/** What is remembered of an indicator that is gone. */
export interface DeletedRecord {
  readonly owner: string;
  readonly type: StoredIndicator['type'];
  readonly summary: string;
  /** Milliseconds. */
  readonly at: number;
}

/** What tests do with the instance, beside what the API user reads. */
export interface ThreatConnectControl extends Pick<OwnerBook, 'owners' | 'addOwner' | 'forbid' | 'allow'> {
  /** Puts an indicator down and returns its id; one with the same id is replaced. */
  put(indicator: NewIndicator): number;
  /** Changes fields, and `lastModified` to now unless that is among them. A RangeError for an unknown id. */
  change(id: number, fields: Partial<IndicatorFields>): void;
  remove(id: number): void;
  setActive(id: number, active: boolean): void;
  /** Lets an owner vanish with all that it has; nothing of it is told as deleted. */
  dropOwner(name: string): void;
  get(id: number): StoredIndicator | undefined;
  indicators(): readonly StoredIndicator[];
  /** How many there are, inactive ones and all owners included. */
  count(): number;
}

/** The instance behind the API. */
export interface World extends ThreatConnectControl, Pick<OwnerBook, 'owner'> {
  /** Grows with every change: what was computed before holds while it stays. */
  readonly version: number;
  readonly deleted: readonly DeletedRecord[];
  /** A number that a tag keeps, from 1. */
  tagId(name: string): number;
}

/** The ATT&CK technique a tag stands for, by its name; null for any other tag. */
export function techniqueOf(tag: string): string | null {
  return /^T\d{4}(?:\.\d{3})?(?= - )/.exec(tag)?.[0] ?? null;
}

export interface WorldParts {
  readonly owners: readonly SimulatedOwner[];
  readonly indicators: Iterable<StoredIndicator>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** An instance in memory. */
export function createWorld(parts: WorldParts): World {
  const rows = new Map<number, StoredIndicator>();
  const deleted: DeletedRecord[] = [];
  const tagIds = new Map<string, number>();
  let version = 0;
  let lastId = 0;
  const book = createOwnerBook(parts.owners, () => (version += 1));
  const store = (row: StoredIndicator): void => {
    rows.set(row.id, row);
    lastId = Math.max(lastId, row.id);
    version += 1;
  };
  const change = (id: number, fields: Partial<IndicatorFields>): void =>
    store(storedIndicator(renewed(known(rows, id), fields, parts.now()), id, parts.now()));
  for (const row of parts.indicators) {
    store(row);
  }
  return {
    ...book,
    get version() {
      return version;
    },
    deleted,
    put(given) {
      if (book.owner(given.owner) === undefined) {
        book.addOwner(given.owner);
      }
      const id = given.id ?? lastId + 1;
      store(storedIndicator(given, id, parts.now()));
      return id;
    },
    change,
    setActive: (id, active) => change(id, { active }),
    remove(id) {
      const { owner, type, summary } = known(rows, id);
      rows.delete(id);
      deleted.push({ owner, type, summary, at: parts.now() });
      version += 1;
    },
    dropOwner(name) {
      book.remove(name);
      [...rows.values()].filter(({ owner }) => owner === name).forEach(({ id }) => rows.delete(id));
    },
    get: (id) => rows.get(id),
    indicators: () => [...rows.values()],
    count: () => rows.size,
    tagId(name) {
      const id = tagIds.get(name) ?? tagIds.size + 1;
      tagIds.set(name, id);
      return id;
    },
  };
}

function known(rows: ReadonlyMap<number, StoredIndicator>, id: number): StoredIndicator {
  const row = rows.get(id);
  if (row === undefined) {
    throw new RangeError(`no indicator ${id}`);
  }
  return row;
}

function renewed(row: StoredIndicator, fields: Partial<IndicatorFields>, now: number): NewIndicator {
  const { md5, sha1, sha256, size, ...rest } = row;
  return {
    ...rest,
    ...(md5 === null ? {} : { md5 }),
    ...(sha1 === null ? {} : { sha1 }),
    ...(sha256 === null ? {} : { sha256 }),
    ...(size === null ? {} : { size }),
    lastModified: now,
    ...fields,
  };
}
