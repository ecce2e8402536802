import type { Format } from '../format.ts';
import { looksLikeJson } from '../json/json-head.ts';
import { MISP } from '../misp/dialect.ts';
import { dialectFit } from './json.ts';

/** MISP: events as they are exported, search results, and attributes. */
export const misp: Format = {
  id: 'misp',
  label: 'MISP',
  probe(head) {
    if (head.isBinary || !looksLikeJson(head)) {
      return null;
    }
    const text = head.bytes.toString('latin1');
    const hasAttributes = /"(?:Attribute|ShadowAttribute|Object)"\s*:\s*[[{]/.test(text);
    if (!hasAttributes || !/"to_ids"\s*:/.test(text) || !/"(?:category|event_id)"\s*:/.test(text)) {
      return null;
    }
    const what = /"Event"\s*:\s*\{/.test(text) ? 'an event with attributes' : 'attributes with to_ids';
    return dialectFit(head, MISP, () => what);
  },
  assume: (head) => dialectFit(head, MISP, () => 'asked for', true),
};
