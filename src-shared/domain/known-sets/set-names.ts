/** A set's name as it is kept: without blanks around it, and composed, so that equal letters are equal characters. */
export function setName(name: string): string {
  return name.trim().normalize('NFC');
}

/** Whether two names mean one set: case, blanks and how letters are composed tell nobody two sets apart. */
export function isSameSetName(left: string, right: string): boolean {
  return folded(left) === folded(right);
}

/** Of several, the one with that very name, else the first whose name means the same; undefined for none. */
export function ofSetName<T extends { readonly name: string }>(sets: readonly T[], name: string): T | undefined {
  return sets.find((set) => set.name === setName(name)) ?? sets.find((set) => isSameSetName(set.name, name));
}

function folded(name: string): string {
  // Capitals first: some small letters have no single capital.
  return setName(name).replace(/\s+/g, ' ').toUpperCase().toLowerCase().normalize('NFC');
}
