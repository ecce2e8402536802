import type { Field, FoundValue } from '../json/dialect.ts';
import { type KeyRule, NO_KEY, knownKeyRule } from '../json/keys/key-rules.ts';
import { type Alternative, readPattern } from './pattern.ts';

/** Paths below these objects speak of a file. Others that hold hashes are those of certificates and the like. */
const FILE_PATH = /^(file|artifact|process|email-message|directory|software|x-[\w-]+):/;
const HASHES = /(?:^|[.:])hashes\.(?:'([^']*)'|"([^"]*)"|([\w-]+))$/;
const PART = /(?:sections|windows-pebinary-ext|optional_header|x509|certificate)/;
/** In front of hashes of the file itself. */
const ITSELF = 'file';
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
  const named =
    alternative.find(({ path }) => path === 'file:name') ?? alternative.find(({ path }) => path === 'file:path');
  return alternative.flatMap(({ path, value }) => {
    const rule = ruleOfPath(path, stem);
    return rule === null
      ? []
      : [
          {
            rule,
            text: value,
            from,
            fileName: rule.role === 'digest' && ownerOf(path) === ITSELF ? (named?.value ?? '') : '',
          },
        ];
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
  // A stream, an image, the file in an archive and the body of a mail are files of their own.
  return { ...knownKeyRule(name), name, stem: `${stem} ${ownerOf(path)}` };
}

/** What has the hashes of a path: `process:parent_ref.image_ref` of `process:parent_ref.image_ref.hashes.MD5`. */
function ownerOf(path: string): string {
  return path.replace(HASHES, '');
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
