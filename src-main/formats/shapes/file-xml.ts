import { createFileXmlCounter } from '../counters/file-xml-counter.ts';
import { type FileDialect, dialectOf } from '../file-xml/dialects.ts';
import { FILE_XML_COLUMNS, openFileXml } from '../file-xml/reader.ts';
import type { Fit, Format } from '../format.ts';
import type { Head } from '../head.ts';
import type { RecordSink } from '../record-sink.ts';

/** XML that lists files with their digests: CycloneDX, Digital Forensics XML, Metalink, the XML of FCIV. */
export const fileXml: Format = {
  id: 'file-xml',
  label: 'Files in XML',
  probe(head) {
    const dialect = dialectIn(head);
    if (dialect === null) {
      return null;
    }
    const found = readHead(head);
    const isNone = found.hashes === 0 && head.complete;
    return found.isBroken || isNone ? null : fit(found.hashes, `elements of ${dialect.label}`);
  },
  assume: (head) => fit(readHead(head).hashes, 'asked for'),
};

function fit(digests: number, why: string): Fit {
  return {
    why,
    digests,
    carriedColumns: FILE_XML_COLUMNS,
    digestColumns: [],
    open: openFileXml,
    count: createFileXmlCounter,
  };
}

function dialectIn(head: Head): FileDialect | null {
  if (head.isBinary || head.lines[0]?.text.startsWith('<') !== true) {
    return null;
  }
  const text = head.bytes.toString('latin1');
  const dialect = dialectOf(rootOf(text));
  return dialect !== null && text.includes(dialect.mark) ? dialect : null;
}

/** The name of the first element, without its prefix; '' when there is none. */
function rootOf(text: string): string {
  let at = text.indexOf('<');
  while (at >= 0) {
    const isComment = text.startsWith('<!--', at);
    if (!isComment && !text.startsWith('<!', at) && !text.startsWith('<?', at)) {
      const name = /^<([\w.:-]{1,80})[\s/>]/.exec(text.slice(at, at + 100))?.[1] ?? '';
      return name.slice(name.indexOf(':') + 1);
    }
    const end = isComment ? text.indexOf('-->', at + 4) : at;
    at = end < 0 ? -1 : text.indexOf('<', end + 1);
  }
  return '';
}

function readHead(head: Head): { readonly hashes: number; readonly isBroken: boolean } {
  let hashes = 0;
  let isBroken = false;
  const nothing = (): void => undefined;
  const sink: RecordSink = {
    hash() {
      hashes += 1;
    },
    another: nothing,
    without: nothing,
    reject: nothing,
    notDigest: nothing,
    otherLines: nothing,
    fault(message) {
      // The head ends somewhere.
      isBroken = !message.startsWith('The XML is cut off');
    },
  };
  const reader = openFileXml(sink);
  reader.push(head.bytes);
  reader.end();
  return { hashes, isBroken };
}
