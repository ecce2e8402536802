import type { Format } from '../format.ts';
import { looksLikeJson } from '../json/json-head.ts';
import { STIX } from '../stix/dialect.ts';
import { dialectFit } from './json.ts';

const OBJECT_ID =
  /"id"\s*:\s*"(bundle|[a-z][a-z0-9-]+)--[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"/i;
const OBJECT_TYPE =
  /"type"\s*:\s*"(?:bundle|indicator|observed-data|file|malware|report|relationship|marking-definition|identity|attack-pattern|campaign|threat-actor|tool)"/;

/** STIX 2.0 and 2.1: bundles, envelopes of TAXII, and objects on their own. */
export const stix: Format = {
  id: 'stix',
  label: 'STIX 2',
  probe(head) {
    if (head.isBinary || !looksLikeJson(head)) {
      return null;
    }
    const text = head.bytes.toString('latin1');
    const [, kind] = OBJECT_ID.exec(text) ?? [];
    if (kind === undefined || !OBJECT_TYPE.test(text)) {
      return null;
    }
    const version = /"spec_version"\s*:\s*"(2\.\d)"/.exec(text)?.[1];
    const what = `STIX${version === undefined ? '' : ` ${version}`} ${kind === 'bundle' ? 'bundle' : 'objects'}`;
    return dialectFit(head, STIX, () => `ids of ${what}`);
  },
  assume: (head) => dialectFit(head, STIX, () => 'asked for', true),
};
