import { DIGEST_LABEL } from '#shared/domain/hash.ts';
import { createSlots, takeDigest } from '../bytes/hex.ts';
import { excerptOf, quote, textOf } from '../bytes/text.ts';
import { classifyName } from '../names/classify-name.ts';
import { whyNoDigest } from '../names/describe-token.ts';
import { isFileIdName, sha1OfFileId } from '../names/file-id.ts';
import { judgeAlgorithm } from '../names/judge-algorithm.ts';
import type { FormatReader, RecordSink } from '../record-sink.ts';
import { readTrimmedLines } from './trimmed-lines.ts';

export interface BlockStyle {
  /** Key and value of a line without indentation. Applied to bytes as Latin-1 and to text alike: ASCII marks only. */
  readonly field: RegExp;
  readonly separator: 'padded' | 'tight';
  /** True when a key such as `Hash` counts; else only names of algorithms do. */
  readonly takesGeneral: boolean;
}

/** `Key : value`. */
export const LIST_STYLE: BlockStyle = {
  field: /^([A-Za-z][\w .()-]{0,59}?)[\t ]*[\t ]:(?:[\t ](.*))?$/s,
  separator: 'padded',
  takesGeneral: true,
};

/** `Key: value`. */
export const PACKAGE_STYLE: BlockStyle = {
  field: /^([A-Za-z0-9][\w-]{0,59}):[\t ]*(.*)$/s,
  separator: 'tight',
  takesGeneral: false,
};

interface Block {
  readonly line: number;
  readonly excerpt: string;
  readonly values: Map<string, string>;
  /** Line of the first digest field. */
  digestLine: number;
  lastKey: string;
}

/** Long values (descriptions) are not collected beyond this many characters. */
const VALUE_LIMIT = 4096;
/** Fields of one block; what comes beyond them begins a block of its own. */
export const MOST_BLOCK_KEYS = 1024;
const NAME_OF_ALGORITHM = /^(?:algorithm|algo)$/i;

/** Reads blocks of fields: one record per block, with every digest its fields hold. */
export function openBlocks(sink: RecordSink, style: BlockStyle, carriedKeys: readonly string[]): FormatReader {
  const slots = createSlots();
  let block: Block | null = null;

  const isDigestKey = (key: string): boolean => {
    const meaning = classifyName(key);
    return meaning?.kind === 'digest' || (style.takesGeneral && meaning?.kind === 'any');
  };

  const release = (): void => {
    if (block === null) {
      return;
    }
    const { values, line, digestLine, excerpt } = block;
    block = null;
    let problem: string | null = null;
    slots.mask = 0;
    for (const [key, value] of values) {
      const fileId = style.takesGeneral && isFileIdName(key) ? sha1OfFileId(value) : null;
      if (isDigestKey(key) || fileId !== null) {
        problem = takeValue(key, fileId ?? value) ?? problem;
      } else if (value !== '') {
        const meaning = classifyName(key);
        if (meaning?.kind === 'never') {
          sink.notDigest(meaning.name);
        }
      }
    }
    const algorithm = [...values].find(([key]) => NAME_OF_ALGORITHM.test(key))?.[1] ?? '';
    const judged = judgeAlgorithm(algorithm, slots.mask);
    const at = digestLine === 0 ? line : digestLine;
    if (judged.not === 'other-algorithm') {
      sink.notDigest(judged.name);
      sink.without(at, judged.reason, excerpt);
    } else if (judged.not === 'wrong-length') {
      sink.reject(at, 0, judged.reason, excerpt);
    } else if (slots.mask !== 0) {
      if (problem !== null) {
        sink.notDigest('damaged digest beside a good one');
      }
      sink.hash(
        at,
        0,
        slots,
        carriedKeys.map((key) => values.get(key) ?? ''),
      );
    } else if (problem === null) {
      sink.without(at, 'no hash in this block', excerpt);
    } else {
      sink.reject(at, 0, problem, excerpt);
    }
  };

  /** Decodes a digest field; returns why it is not usable, or null. */
  const takeValue = (key: string, value: string): string | null => {
    if (value === '') {
      return null;
    }
    const bytes = Buffer.from(value, 'latin1');
    const before = slots.mask;
    const bit = /^[0-9a-fA-F]+$/.test(value) ? takeDigest(bytes, 0, bytes.length, slots) : 0;
    if (bit === 0) {
      return `${quote(key)}: ${whyNoDigest(value) ?? 'not a hash'}`;
    }
    if ((before & bit) !== 0) {
      const kind = bit === 1 ? 'md5' : bit === 2 ? 'sha1' : 'sha256';
      sink.notDigest(`second ${DIGEST_LABEL[kind]} of a block`);
    }
    return null;
  };

  const takeField = (key: string, value: string, line: number, bytes: Buffer, from: number, end: number): void => {
    if (block !== null && (block.values.has(key) || block.values.size === MOST_BLOCK_KEYS)) {
      release();
    }
    block ??= { line, excerpt: excerptOf(bytes, from, end), values: new Map(), digestLine: 0, lastKey: key };
    block.lastKey = key;
    block.values.set(key, value.slice(0, VALUE_LIMIT));
    if (block.digestLine === 0 && (isDigestKey(key) || (style.takesGeneral && isFileIdName(key)))) {
      block.digestLine = line;
    }
  };

  const takeLine = (bytes: Buffer, start: number, from: number, end: number, line: number): boolean => {
    const text = textOf(bytes, from, end);
    if (from > start && block !== null) {
      const before = block.values.get(block.lastKey) ?? '';
      if (before.length < VALUE_LIMIT) {
        block.values.set(block.lastKey, before + text);
      }
      return true;
    }
    const field = from > start ? null : style.field.exec(text);
    if (field !== null) {
      takeField(field[1] ?? '', (field[2] ?? '').trim(), line, bytes, from, end);
    } else if (from === start && /^PS [^>]*>/.test(bytes.toString('latin1', from, end))) {
      return false;
    } else {
      sink.without(line, 'no field in this line', excerptOf(bytes, from, end));
    }
    return true;
  };

  return readTrimmedLines(sink, { line: takeLine, blank: release, end: release });
}
