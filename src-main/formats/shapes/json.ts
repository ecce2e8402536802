import { createJsonCounter } from '../counters/json-counter.ts';
import type { Fit, Format } from '../format.ts';
import { PLAIN } from '../json/dialect.ts';
import { isByLine, looksLikeJson, readJsonHead } from '../json/json-head.ts';
import { JSON_COLUMNS, openJson } from '../json/reader.ts';

/** JSON, JSON Lines and values behind each other: digests by their keys, other texts as free text. */
export const json: Format = {
  id: 'json',
  label: 'JSON',
  probe(head) {
    if (head.isBinary || !looksLikeJson(head)) {
      return null;
    }
    const byLine = isByLine(head);
    const found = readJsonHead(head, { byLine, dialect: PLAIN });
    if (found.isBroken || found.hashes === 0) {
      return null;
    }
    const keys = found.keys.length === 0 ? '' : `, hashes under ${found.keys.join(', ')}`;
    return fit(byLine, found.hashes, `${byLine ? 'a JSON value per line' : 'JSON'}${keys}`);
  },
  assume(head) {
    const byLine = isByLine(head);
    return fit(byLine, readJsonHead(head, { byLine, dialect: PLAIN }).hashes, 'asked for');
  },
};

function fit(byLine: boolean, digests: number, why: string): Fit {
  return {
    why,
    digests,
    carriedColumns: JSON_COLUMNS,
    digestColumns: [],
    open: (sink) => openJson(sink, { byLine, dialect: PLAIN }),
    count: () => createJsonCounter(byLine),
  };
}
