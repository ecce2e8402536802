import { type Dialect, type ObjectView, SETTLED, type Settling, fieldOf, fieldText } from '../json/dialect.ts';
import { fieldRules, keyRule } from '../json/keys/key-rules.ts';
import { openStix } from './reading.ts';
import { indicatorValues } from './indicator.ts';

const FIELDS = fieldRules([
  'id',
  'pattern',
  'pattern_type',
  'labels',
  'indicator_types',
  'malware_types',
  'object_marking_refs',
  'source_ref',
  'target_ref',
  'relationship_type',
  'definition_type',
  'tlp',
  'tlp_2_0',
  'content',
  'object_refs',
  // What an analysis calls a file: a name of a threat that looks like a hash is none.
  'result_name',
]);
const CONTENT = keyRule('content');

const STIX_COLUMNS = ['title', 'indicates', 'marking', 'labels', 'stix id', 'note'] as const;

/** STIX 2.0 and 2.1: docs.oasis-open.org/cti/stix. Rows are indicators and files. */
export const STIX: Dialect = {
  columns: STIX_COLUMNS,
  hasOwnRows: true,
  settledBy: new Set(['pattern', 'pattern_type', 'content']),
  rule: (name) => FIELDS.get(name) ?? null,
  settle: (object, above) => settleStix(object, above),
  open: openStix,
};

function settleStix(object: ObjectView, above: readonly ObjectView[]): Settling {
  const pattern = object.type === 'indicator' ? fieldOf(object, 'pattern') : null;
  if (pattern !== null) {
    return { values: indicatorValues(pattern, fieldText(object, 'pattern_type')), isRow: true, joins: -1 };
  }
  const isFile = object.type === 'file' || object.type === 'artifact';
  const isRow = isFile && above.length > 0;
  const content = fieldOf(object, 'content');
  if (content === null) {
    return isRow ? { ...SETTLED, isRow } : SETTLED;
  }
  // Kept for notes; what it holds is read as in any other JSON.
  return { values: [{ rule: CONTENT, text: content.text, from: content, fileName: '' }], isRow, joins: -1 };
}
