import type { Field, FoundValue } from '../json/dialect.ts';
import { type KeyRule, NO_KEY, knownKeyRule } from '../json/keys/key-rules.ts';
import { type Alternative, readPattern } from './pattern.ts';

/** Paths below these objects speak of a file. Others that hold hashes are those of certificates and the like. */
const FILE_PATH = /^(file|artifact|process|email-message|directory|software|x-[\w-]+):/;
const HASHES = /(?:^|[.:])hashes\.(?:'([^']*)'|"([^"]*)"|([\w-]+))$/;
const NAME = /(?:^|[.:])(?:name|path)$/;
const PART = /(?:sections|windows-pebinary-ext|optional_header|alternate_data_streams|x509|certificate)/;
const TEXT: KeyRule = { ...NO_KEY, name: 'pattern', stem: 'pattern' };

/** Digests a pattern names, each file under a stem of its own; any other pattern is read as free text. */
export function indicatorValues(pattern: Field, type: string): FoundValue[] {
  const alternatives = type === '' || type === 'stix' ? readPattern(pattern.text) : null;
  if (alternatives === null) {
    return [{ rule: TEXT, text: pattern.text, from: pattern, fileName: '' }];
  }
  return withoutRepeats(alternatives).flatMap((alternative, index) => fileValues(alternative, `${index}`, pattern));
}

function fileValues(alternative: Alternative, stem: string, from: Field): FoundValue[] {
  const named = alternative.find(({ path }) => path.startsWith('file:') && NAME.test(path));
  return alternative.flatMap(({ path, value }) => {
    const rule = ruleOfPath(path, stem);
    return rule === null
      ? []
      : [{ rule, text: value, from, fileName: rule.role === 'digest' ? (named?.value ?? '') : '' }];
  });
}

/** The rule for a value compared with this path, or null when it is no hash. */
function ruleOfPath(path: string, stem: string): KeyRule | null {
  const [, single, double, bare] = HASHES.exec(path) ?? [];
  const name = single ?? double ?? bare;
  if (name === undefined) {
    return /imphash/i.test(path) ? knownKeyRule('imphash') : null;
  }
  if (!FILE_PATH.test(path) || PART.test(path)) {
    const other = path.startsWith('x509') ? 'certificate hash' : 'section hash';
    return { ...NO_KEY, name, role: 'never', setAside: other };
  }
  return { ...knownKeyRule(name), name, stem };
}

/** Ways that name the same digests are one: `(hash) AND (size OR size)`. */
function withoutRepeats(alternatives: readonly Alternative[]): Alternative[] {
  const seen = new Map<string, Alternative>();
  for (const alternative of alternatives) {
    const hashes = alternative.filter(({ path }) => HASHES.test(path));
    const key = hashes.map(({ path, value }) => `${path}=${value}`).join('\n');
    if (key !== '' && !seen.has(key)) {
      seen.set(key, alternative);
    } else if (key === '') {
      seen.set(`${seen.size}`, alternative);
    }
  }
  return [...seen.values()];
}
