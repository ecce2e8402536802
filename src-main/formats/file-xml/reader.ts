import { DIGEST_BIT } from '#shared/domain/hash.ts';
import { createSlots, takeDigest } from '../bytes/hex.ts';
import { quote } from '../bytes/text.ts';
import { classifyName } from '../names/classify-name.ts';
import { whyNoDigest } from '../names/describe-token.ts';
import { judgeAlgorithm } from '../names/judge-algorithm.ts';
import type { DigestSlots, FormatReader, RecordSink } from '../record-sink.ts';
import { createXmlWalk } from '../xml/walk.ts';
import { type XmlFile, type XmlHash, createXmlFiles } from './files.ts';

export const FILE_XML_COLUMNS = ['name', 'size'] as const;

interface Problem {
  readonly hash: XmlHash;
  readonly reason: string;
}

/** Reads XML that lists files: all digests of one element are one file. */
export function openFileXml(sink: RecordSink): FormatReader {
  const slots = createSlots();
  const single = createSlots();
  const report = (file: XmlFile): void => {
    const { hashes, line, name } = file;
    const problems: Problem[] = [];
    const further: XmlHash[] = [];
    const places: XmlHash[] = [];
    slots.mask = 0;
    for (const hash of file.isDirectory ? [] : hashes) {
      const reason = take(hash, single, sink);
      if (reason !== '') {
        problems.push({ hash, reason });
      } else if (single.mask !== 0 && addTo(slots, single)) {
        places.push(hash);
      } else if (single.mask !== 0 && !isAmong(slots, single)) {
        further.push(hash);
      }
    }
    const [place] = places;
    const [problem] = problems;
    if (place !== undefined) {
      const carried = [name, file.size];
      sink.hash(place.line, place.column, slots, carried);
      for (const hash of further) {
        take(hash, single, sink);
        sink.another(hash.line, hash.column, single, carried);
      }
      problems.forEach(() => sink.notDigest('damaged digest beside a good one'));
    } else if (problem === undefined) {
      (file.isDirectory ? hashes : []).forEach(() => sink.notDigest('directory hash'));
      sink.without(line, file.isDirectory ? 'a directory' : 'no hash of this file', quote(name));
    } else {
      const { hash, reason } = problem;
      sink.reject(hash.line, hash.column, reason, quote(hash.value ?? ''));
    }
  };
  return createXmlWalk(
    createXmlFiles(
      report,
      (name) => sink.notDigest(name),
      (message) => sink.fault(message),
    ),
  );
}

/** Takes the digest a text gives into the slots, or none when it is of another algorithm; returns why it is damaged, or ''. */
function take({ algorithm, value }: XmlHash, slots: DigestSlots, sink: RecordSink): string {
  slots.mask = 0;
  if (value === null) {
    return 'a text is longer than 1 MiB';
  }
  const meaning = classifyName(algorithm);
  if (meaning?.kind === 'never') {
    sink.notDigest(meaning.name);
    return '';
  }
  const hex = Buffer.from(fromBase64(value), 'utf8');
  if (value === '') {
    return '';
  }
  if (takeDigest(hex, 0, hex.length, slots) === 0) {
    return whyNoDigest(value) ?? `“${quote(value).slice(0, 40)}” is not a hash`;
  }
  const judged = judgeAlgorithm(algorithm, slots.mask);
  slots.mask = judged.not === null ? slots.mask : 0;
  return judged.reason;
}

/** Hex digits of 16, 20 or 32 bytes in base64; anything else as it is. */
function fromBase64(value: string): string {
  if (!/^(?:[A-Za-z0-9+/]{22}==|[A-Za-z0-9+/]{27}=|[A-Za-z0-9+/]{43}=)$/.test(value)) {
    return value;
  }
  const bytes = Buffer.from(value, 'base64');
  return bytes.toString('base64') === value ? bytes.toString('hex') : value;
}

const KINDS = ['md5', 'sha1', 'sha256'] as const;

/** Adds the digest of one kind unless there is one of that kind. */
function addTo(slots: DigestSlots, { mask, ...digests }: DigestSlots): boolean {
  if ((slots.mask & mask) !== 0) {
    return false;
  }
  for (const kind of KINDS.filter((one) => (mask & DIGEST_BIT[one]) !== 0)) {
    slots[kind].set(digests[kind]);
  }
  slots.mask |= mask;
  return true;
}

function isAmong(slots: DigestSlots, { mask, ...digests }: DigestSlots): boolean {
  return KINDS.filter((kind) => (mask & DIGEST_BIT[kind]) !== 0).every((kind) =>
    Buffer.from(slots[kind]).equals(digests[kind]),
  );
}
