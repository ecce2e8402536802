import {
  type Dialect,
  type Field,
  type FoundValue,
  type ObjectView,
  SETTLED,
  type Settling,
  fieldOf,
  fieldText,
} from '../json/dialect.ts';
import { type KeyRule, NO_KEY, fieldRules, knownKeyRule } from '../json/keys/key-rules.ts';
import { classifyName, nameInParts } from '../names/classify-name.ts';
import { remembered } from '../names/remembered.ts';
import { stemOf } from '../names/stem.ts';
import { listOf } from './list-of.ts';
import { openMisp } from './reading.ts';

const MISP_COLUMNS = ['category', 'to ids', 'comment', 'event', 'tags', 'uuid'] as const;

const FIELDS = fieldRules([
  'value',
  'to_ids',
  'category',
  'comment',
  'info',
  'uuid',
  'name',
  'object_relation',
  'deleted',
]);
/** What is deleted in MISP stays in its exports: it is no indicator any more. */
const DELETED = 'deleted in MISP';
const TEXT: KeyRule = { ...NO_KEY, name: 'value', stem: 'text' };
const COMMENT: KeyRule = { ...TEXT, name: 'comment' };
const FILE_NAME: KeyRule = { ...NO_KEY, name: 'filename', role: 'name', rank: 2 };
const SIZE: KeyRule = { ...NO_KEY, name: 'size-in-bytes', role: 'size' };
/** Templates of objects that describe no whole file. */
const PARTS: ReadonlyMap<string, string> = new Map([
  ['pe-section', 'section hash'],
  ['elf-section', 'section hash'],
  ['macho-section', 'section hash'],
  ['x509', 'certificate hash'],
  ['authenticode-signerinfo', 'certificate hash'],
]);

/**
 * MISP: events, search results and attributes (github.com/MISP/misp-rfc, misp-core-format; types of attributes:
 * misp-project.org/datamodels). Rows are attributes of events and objects; an object is one file.
 */
export const MISP: Dialect = {
  columns: MISP_COLUMNS,
  hasOwnRows: true,
  settledBy: new Set(['value', 'deleted', 'name', 'object_relation', 'comment']),
  rule: (name) => FIELDS.get(name) ?? null,
  settle: settleMisp,
  open: openMisp,
};

function settleMisp(object: ObjectView, above: readonly ObjectView[]): Settling {
  const list = listOf(object, above[above.length - 1]);
  if (list === 'Object') {
    return isDeleted(object) ? { ...SETTLED, isRow: true, voidedBy: DELETED } : { ...SETTLED, isRow: true };
  }
  const value = fieldOf(object, 'value');
  if ((list !== 'Attribute' && list !== 'ShadowAttribute') || value === null) {
    return SETTLED;
  }
  const holder = above[above.length - 2];
  const isOfObject = holder !== undefined && listOf(holder, above[above.length - 3]) === 'Object';
  if (isDeleted(object) || (isOfObject && isDeleted(holder))) {
    return { values: [], isRow: !isOfObject, joins: isOfObject ? above.length - 2 : -1, voidedBy: DELETED };
  }
  const part = isOfObject ? PARTS.get(fieldText(holder, 'name')) : undefined;
  const comment = fieldOf(object, 'comment');
  const values = [
    ...attributeValues(isFullPath(object) ? 'filename' : object.type, value, part ?? null, stemIn(object)),
    ...(comment === null ? [] : [{ rule: COMMENT, text: comment.text, from: comment, fileName: '' }]),
  ];
  return { values, isRow: !isOfObject, joins: isOfObject ? above.length - 2 : -1 };
}

/** MISP writes the mark as `true`, older ones as `"1"`. */
function isDeleted(object: ObjectView): boolean {
  const mark = fieldText(object, 'deleted');
  return mark === 'true' || mark === '1';
}

/** The path of an object's file, which is of no type that says so. */
function isFullPath(object: ObjectView): boolean {
  return object.type === 'text' && fieldText(object, 'object_relation') === 'fullpath';
}

/** What an object says the digest is of, when not of its file: `parent` of `parent-md5`. */
function stemIn(object: ObjectView): string {
  return stemOfRelation(fieldText(object, 'object_relation'));
}

const stemOfRelation = remembered((relation) =>
  classifyName(relation)?.kind === 'digest' ? stemOf(nameInParts(relation)) : '',
);

/** What an attribute's value is, by its type: `sha256`, `filename|md5`, `malware-sample` ... */
function attributeValues(type: string, value: Field, part: string | null, stem: string): FoundValue[] {
  const isPair = type.startsWith('filename|') || type === 'malware-sample';
  const cut = isPair ? value.text.lastIndexOf('|') : -1;
  const fileName = cut < 0 ? '' : value.text.slice(0, cut);
  const text = value.text.slice(cut + 1);
  const rule = ruleOf(type === 'malware-sample' ? 'md5' : type.slice(type.indexOf('|') + 1), part, stem);
  return [{ rule, text, from: value, fileName }];
}

function ruleOf(type: string, part: string | null, stem: string): KeyRule {
  if (type === 'filename') {
    return FILE_NAME;
  }
  if (type === 'size-in-bytes') {
    return SIZE;
  }
  const rule = knownKeyRule(type);
  if (rule.role === 'digest' && part === null && rule.stem === stem) {
    return rule;
  }
  if (rule.role === 'digest') {
    return part === null ? { ...rule, stem } : { ...NO_KEY, name: type, role: 'never', setAside: part };
  }
  return rule.role === 'never' ? rule : TEXT;
}
