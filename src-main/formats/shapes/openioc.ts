import { createOpenIocCounter } from '../counters/openioc-counter.ts';
import type { Fit, Format } from '../format.ts';
import type { Head } from '../head.ts';
import { OPENIOC_COLUMNS, openOpenIoc } from '../openioc/reader.ts';
import type { RecordSink } from '../record-sink.ts';

const ROOT = /<(?:[A-Za-z_][\w.-]*:)?(ioc|OpenIOC)[\s>]/;
const NAMESPACE = /http:\/\/(?:schemas\.mandiant\.com\/2010\/ioc|openioc\.org\/schemas\/OpenIOC)/;

/** OpenIOC 1.0 and 1.1. */
export const openioc: Format = {
  id: 'openioc',
  label: 'OpenIOC',
  probe(head) {
    if (head.isBinary || head.lines[0]?.text.startsWith('<') !== true) {
      return null;
    }
    const text = head.bytes.toString('latin1');
    const root = ROOT.exec(text)?.[1];
    if (root === undefined || !(NAMESPACE.test(text) || text.includes('<IndicatorItem'))) {
      return null;
    }
    const found = readHead(head);
    const isNone = found.hashes === 0 && head.complete;
    return found.isBroken || isNone ? null : fit(found.hashes, `elements of OpenIOC ${root === 'ioc' ? '1.0' : '1.1'}`);
  },
  assume: (head) => fit(readHead(head).hashes, 'asked for'),
};

function fit(digests: number, why: string): Fit {
  return {
    why,
    digests,
    carriedColumns: OPENIOC_COLUMNS,
    digestColumns: [],
    open: openOpenIoc,
    count: createOpenIocCounter,
  };
}

function readHead(head: Head): { readonly hashes: number; readonly isBroken: boolean } {
  let hashes = 0;
  let isBroken = false;
  const sink: RecordSink = {
    hash() {
      hashes += 1;
    },
    another: () => undefined,
    without: () => undefined,
    reject: () => undefined,
    notDigest: () => undefined,
    otherLines: () => undefined,
    fault(message) {
      // The head ends somewhere.
      isBroken = !message.startsWith('The XML is cut off');
    },
  };
  const reader = openOpenIoc(sink);
  reader.push(head.bytes);
  reader.end();
  return { hashes, isBroken };
}
