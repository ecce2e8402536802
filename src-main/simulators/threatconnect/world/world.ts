import { storedIndicator, type IndicatorFields, type NewIndicator, type StoredIndicator } from './indicator.ts';

/** An owner of indicators, and what the API user may do with them. */
export interface SimulatedOwner {
  readonly id: number;
  readonly name: string;
  readonly type: 'Organization' | 'Community' | 'Source';
  readonly permIndicator: 'FULL' | 'READ' | 'BUILD' | 'NONE';
}

/** What is remembered of an indicator that is gone. */
export interface DeletedRecord {
  readonly owner: string;
  readonly type: StoredIndicator['type'];
  readonly summary: string;
  /** Milliseconds. */
  readonly at: number;
}

/** What tests do with the instance, beside what the API user reads. */
export interface ThreatConnectControl {
  owners(): readonly SimulatedOwner[];
  addOwner(name: string, about?: Partial<Omit<SimulatedOwner, 'id' | 'name'>>): void;
  /** Puts an indicator down and returns its id; one with the same id is replaced. */
  put(indicator: NewIndicator): number;
  /** Changes fields, and `lastModified` to now unless that is among them. A RangeError for an unknown id. */
  change(id: number, fields: Partial<IndicatorFields>): void;
  remove(id: number): void;
  setActive(id: number, active: boolean): void;
  /** Takes the right to read an owner's indicators away; what asks for it by name is answered 403. */
  forbid(owner: string): void;
  /** Gives it back. */
  allow(owner: string): void;
  /** Lets an owner vanish with all that it has; nothing of it is told as deleted. */
  dropOwner(name: string): void;
  get(id: number): StoredIndicator | undefined;
  indicators(): readonly StoredIndicator[];
  /** How many there are, inactive ones and all owners included. */
  count(): number;
}

/** The instance behind the API. */
export interface World extends ThreatConnectControl {
  /** Grows with every change: what was computed before holds while it stays. */
  readonly version: number;
  readonly deleted: readonly DeletedRecord[];
  owner(name: string): SimulatedOwner | undefined;
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
  const owners = new Map(parts.owners.map((owner) => [owner.name, owner]));
  const deleted: DeletedRecord[] = [];
  const tagIds = new Map<string, number>();
  let version = 0;
  let lastId = 0;
  let lastOwner = Math.max(0, ...parts.owners.map(({ id }) => id));
  const store = (row: StoredIndicator): void => {
    rows.set(row.id, row);
    lastId = Math.max(lastId, row.id);
    version += 1;
  };
  const known = (id: number): StoredIndicator => {
    const row = rows.get(id);
    if (row === undefined) {
      throw new RangeError(`no indicator ${id}`);
    }
    return row;
  };
  const allowing = (name: string, permIndicator: SimulatedOwner['permIndicator']): void => {
    const owner = owners.get(name);
    if (owner === undefined) {
      throw new RangeError(`no owner ${name}`);
    }
    owners.set(name, { ...owner, permIndicator });
    version += 1;
  };
  const world: World = {
    get version() {
      return version;
    },
    deleted,
    owner: (name) => owners.get(name),
    owners: () => [...owners.values()],
    addOwner(name, { type = 'Source', permIndicator = 'READ' } = {}) {
      lastOwner += 1;
      owners.set(name, { id: lastOwner, name, type, permIndicator });
      version += 1;
    },
    put(given) {
      if (!owners.has(given.owner)) {
        world.addOwner(given.owner);
      }
      const id = given.id ?? lastId + 1;
      store(storedIndicator(given, id, parts.now()));
      return id;
    },
    change(id, fields) {
      const row = known(id);
      store(storedIndicator(renewed(row, fields, parts.now()), id, parts.now()));
    },
    remove(id) {
      const { owner, type, summary } = known(id);
      rows.delete(id);
      deleted.push({ owner, type, summary, at: parts.now() });
      version += 1;
    },
    setActive: (id, active) => world.change(id, { active }),
    forbid: (owner) => allowing(owner, 'NONE'),
    allow: (owner) => allowing(owner, 'READ'),
    dropOwner(name) {
      owners.delete(name);
      [...rows.values()].filter(({ owner }) => owner === name).forEach(({ id }) => rows.delete(id));
      version += 1;
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
  for (const row of parts.indicators) {
    store(row);
  }
  return world;
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
