import type { Field, FoundValue } from '../json/dialect.ts';
import { type KeyRule, NO_KEY, knownKeyRule } from '../json/keys/key-rules.ts';
import { remembered } from '../names/remembered.ts';
import { type Alternative, readPattern } from './pattern.ts';
import { isMark, shapeOf, withTexts } from './pattern-shape.ts';

/** Paths below these objects speak of a file. Others that hold hashes are those of certificates and the like. */
const FILE_PATH = /^(file|artifact|process|email-message|directory|software|x-[\w-]+):/;
const HASHES = /(?:^|[.:])hashes\.(?:'([^']*)'|"([^"]*)"|([\w-]+))$/;
const PART = /(?:sections|windows-pebinary-ext|optional_header|x509|certificate)/;
/** In front of hashes of the file itself. */
const ITSELF = 'file';
const TEXT: KeyRule = { ...NO_KEY, name: 'pattern', stem: 'pattern' };

/** Digests a pattern names, each file under a stem of its own; any other pattern is read as free text. */
export function indicatorValues(pattern: Field, type: string): FoundValue[] {
  const isStix = type === '' || type === 'stix';
  const values = isStix ? (valuesByShape(pattern) ?? valuesOf(readPattern(pattern.text), pattern)) : null;
  return values ?? [{ rule: TEXT, text: pattern.text, from: pattern, fileName: '' }];
}

function valuesOf(alternatives: Alternative[] | null, from: Field): FoundValue[] | null {
  return alternatives === null
    ? null
    : withoutRepeats(alternatives).flatMap((alternative, index) => fileValues(alternative, `${index}`, from));
}

/** The same without reading the pattern, when one of its shape was read before; null where that is not enough. */
function valuesByShape(pattern: Field): FoundValue[] | null {
  const shape = shapeOf(pattern.text);
  const known = shape === null ? null : valuesOfShape(shape.marked);
  if (shape === null || known === null || (known.isOneOfSeveral && new Set(shape.texts).size < shape.texts.length)) {
    return null;
  }
  const { texts } = shape;
  return known.values.map(({ rule, text, fileName }) => ({
    rule,
    text: withTexts(text, texts),
    from: pattern,
    fileName: withTexts(fileName, texts),
  }));
}

/** In place of the pattern a shape stands for. */
const NOWHERE: Field = { name: 'pattern', text: '', line: 0, column: 0 };
/** The longest pattern of marks that is remembered. */
const LONGEST_SHAPE = 1024;

const valuesOfShape = remembered((marked) => {
  const alternatives = readPattern(marked);
  const values = valuesOf(alternatives, NOWHERE);
  if (alternatives === null || values === null) {
    return null;
  }
  // Which ways are the same depends on the texts: with several ways all must differ, and be marks.
  const isOneOfSeveral = alternatives.length > 1;
  const isMarked = alternatives.every((way) => way.every(({ path, value }) => !HASHES.test(path) || isMark(value)));
  return isOneOfSeveral && !isMarked ? null : { values, isOneOfSeveral };
}, LONGEST_SHAPE);

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
