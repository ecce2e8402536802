/** An owner of indicators, and what the API user may do with them. */
export interface SimulatedOwner {
  readonly id: number;
  readonly name: string;
  readonly type: 'Organization' | 'Community' | 'Source';
  readonly permIndicator: 'FULL' | 'READ' | 'BUILD' | 'NONE';
}

/** Who owns indicators, and what the API user may do with them. */
export interface OwnerBook {
  owners(): readonly SimulatedOwner[];
  owner(name: string): SimulatedOwner | undefined;
  addOwner(name: string, about?: Partial<Omit<SimulatedOwner, 'id' | 'name'>>): void;
  /** Takes the right to read an owner's indicators away; what asks for it by name is answered 403. */
  forbid(owner: string): void;
  /** Gives it back. */
  allow(owner: string): void;
  /** An owner that is not there is none to remove. */
  remove(name: string): void;
}

/** `changed` is called with every change. */
export function createOwnerBook(first: readonly SimulatedOwner[], changed: () => void): OwnerBook {
  const owners = new Map(first.map((owner) => [owner.name, owner]));
  let lastId = Math.max(0, ...first.map(({ id }) => id));
  const allowing = (name: string, permIndicator: SimulatedOwner['permIndicator']): void => {
    const owner = owners.get(name);
    if (owner === undefined) {
      throw new RangeError(`no owner ${name}`);
    }
    owners.set(name, { ...owner, permIndicator });
    changed();
  };
  return {
    owners: () => [...owners.values()],
    owner: (name) => owners.get(name),
    addOwner(name, { type = 'Source', permIndicator = 'READ' } = {}) {
      lastId += 1;
      owners.set(name, { id: lastId, name, type, permIndicator });
      changed();
    },
    forbid: (owner) => allowing(owner, 'NONE'),
    allow: (owner) => allowing(owner, 'READ'),
    remove(name) {
      owners.delete(name);
      changed();
    },
  };
}
