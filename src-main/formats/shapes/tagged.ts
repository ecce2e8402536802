import { columnOf, excerptOf, startOfTail, textOf } from '../bytes/text.ts';
import { createLineCounter } from '../counters/line-counter.ts';
import type { Fit, Format } from '../format.ts';
import type { Head } from '../head.ts';
import type { FormatReader, RecordSink } from '../record-sink.ts';
import { unescapeName } from '../parts/escaped-name.ts';
import { openLines } from '../parts/line-reader.ts';
import { createClaimReporter } from '../parts/one-digest.ts';

const ENOUGH = 0.5;
const BSD = /^\\?[A-Za-z][\w/-]{1,19} *\(.*\) = [0-9a-fA-F]{8,}$/;
const OPENSSL = /^(?:[A-Za-z][\w/-]{1,25})?\(.*\)= ?[0-9a-fA-F][0-9a-fA-F:]{7,}$/;
/** Algorithm, name, value; the name may hold anything, the last `)=` counts. */
const TAGGED = /^(\\?)([A-Za-z][\w/-]{1,25})? *\((.*)\) ?= ?(.*)$/s;
/** The first part of a line whose name holds a line end. */
const OPEN = /^\\?([A-Za-z][\w/-]{1,25})? *\(/;
/** The last part of such a line: its algorithm stands in the first one. */
const TAIL = /^(.*)\) ?= ?([0-9a-fA-F]{32,})$/s;

/** `SHA256 (name) = hash`: BSD, `--tag` of the GNU tools, `rhash --bsd`. */
export const bsd = tagged('bsd', 'Checksum file (BSD)', '“ALGORITHM (name) = hash”', BSD);

/** `SHA2-256(name)= hash`: `openssl dgst`. */
export const openssl = tagged('openssl', 'OpenSSL dgst', '“ALGORITHM(name)= hash”', OPENSSL);

function tagged(id: string, label: string, shape: string, pattern: RegExp): Format {
  return {
    id,
    label,
    probe(head) {
      const hits = head.records.filter(({ text }) => pattern.test(text)).length;
      return hits > 0 && hits >= head.records.length * ENOUGH
        ? fit(head, `${hits} of ${head.records.length} lines are ${shape}`)
        : null;
    },
    assume: (head) => fit(head, 'asked for'),
  };
}

function fit(head: Head, why: string): Fit {
  return {
    why,
    digests: head.records.filter(({ text }) => TAGGED.test(text)).length,
    carriedColumns: ['name'],
    digestColumns: [],
    open: openTagged,
    count: () => createLineCounter(),
  };
}

function openTagged(sink: RecordSink): FormatReader {
  const report = createClaimReporter(sink);
  let openAlgorithm = '';
  return openLines(sink, {
    record(bytes, from, end, line, start) {
      const text = textOf(bytes, from, end);
      const excerpt = excerptOf(bytes, from, end);
      const whole = TAGGED.exec(text);
      const tail = whole === null ? TAIL.exec(text) : null;
      if (whole === null && tail === null) {
        openAlgorithm = OPEN.exec(text)?.[1] ?? openAlgorithm;
        sink.without(line, 'no “name = hash” in this line', excerpt);
        return;
      }
      const [, escape = '', algorithm = '', name = '', value = ''] = whole ?? [
        '',
        '',
        openAlgorithm,
        tail?.[1],
        tail?.[2],
      ];
      openAlgorithm = '';
      const column = columnOf(bytes, start, startOfTail(bytes, from, end, value));
      report({ line, column, algorithm, value, carried: [escape === '' ? name : unescapeName(name)], excerpt });
    },
  });
}
