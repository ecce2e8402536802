/**
 * What a JSON text is made of: each path with the types found there, e.g. `data.id: string`. Entries of an array share
 * the path `[]`, those of `last_analysis_results` and `evidence` share `*`: how many there are and what they are called is
 * content.
 * A text that is no JSON has no shape.
 */
export function jsonShape(text: string): readonly string[] {
  const types = new Map<string, Set<string>>();
  const value = parsed(text);
  if (value === undefined) {
    return ['no JSON'];
  }
  visit(value, '', types);
  return [...types].map(([path, found]) => `${path}: ${[...found].sort().join(' | ')}`).sort();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const NAMED_BY_CONTENT = /\.(?:last_analysis_results|evidence)$/;

function visit(value: unknown, path: string, types: Map<string, Set<string>>): void {
  const found = types.get(path) ?? new Set();
  types.set(path, found.add(typeOf(value)));
  if (typeof value !== 'object' || value === null) {
    return;
  }
  const isList = Array.isArray(value);
  for (const [name, member] of Object.entries(value)) {
    visit(member, isList ? `${path}[]` : `${path}.${NAMED_BY_CONTENT.test(path) ? '*' : name}`, types);
  }
}

function typeOf(value: unknown): string {
  if (value === null) {
    return 'null';
  }
  return Array.isArray(value) ? 'array' : typeof value;
}
