import type { Head } from '../head.ts';
import type { FormatReader, RecordSink } from '../record-sink.ts';

/** Share of records with a digest from which a document is a list. */
const LIST_SHARE = 0.2;

/** True when less than one in five records of a document's head holds a digest. */
export function isMostlyText(head: Head, open: (sink: RecordSink) => FormatReader): boolean {
  const count = { digests: 0, others: 0 };
  const reader = open({
    hash: () => void (count.digests += 1),
    another: () => undefined,
    without: () => void (count.others += 1),
    reject: () => void (count.others += 1),
    notDigest: () => undefined,
    otherLines: () => undefined,
    fault: () => undefined,
  });
  reader.push(head.bytes);
  reader.end();
  return count.digests === 0 || count.digests < (count.digests + count.others) * LIST_SHARE;
}
