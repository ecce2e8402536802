import { kindOfHexLength } from '#shared/domain/hash.ts';
import { columnOf, excerptOf, textOf } from '../bytes/text.ts';
import { createCertutilCounter } from '../counters/certutil-counter.ts';
import type { Fit, Format } from '../format.ts';
import type { Head } from '../head.ts';
import { classifyName } from '../names/classify-name.ts';
import type { FormatReader, RecordSink } from '../record-sink.ts';
import { createClaimReporter } from '../parts/one-digest.ts';
import { readTrimmedLines } from '../parts/trimmed-lines.ts';

/** Hex in one run, or byte by byte with blanks between, as older systems print it. */
const HEX_LINE = /^(?:[0-9a-fA-F]{16,}|[0-9a-fA-F]{2}(?: [0-9a-fA-F]{2}){7,})$/;
/**
 * The wording follows the system's language; the algorithm and the colon at the end stay. Lines are told apart by their
 * bytes (as Latin-1), where a full-width colon is three characters.
 */
const HEADER_END = /(?::|\u00ef\u00bc\u009a)$/;
const ALGORITHM = /\b(?:MD[245]|SHA-?\d+)\b/i;
const TRAILER = /^CertUtil[\t ]*:/i;
const COMMAND = /certutil(?:\.exe)?["']?[\t ]/i;

/** `certutil -hashfile`: a line that names algorithm and file, the hash, a closing line; any number of such blocks. */
export const certutil: Format = {
  id: 'certutil',
  label: 'certutil -hashfile',
  probe(head) {
    const texts = head.lines.map(({ text }) => Buffer.from(text, 'utf8').toString('latin1'));
    const blocks = texts.filter((text, index) => isHeader(text) && HEX_LINE.test(texts[index + 1] ?? '')).length;
    const isClosed = texts.some((text) => TRAILER.test(text));
    // Cut off before its closing line, or copied without it: then nothing but pairs of the right length will do.
    const isPairs = blocks * 2 === texts.length && texts.every((text, index) => isPair(text, texts[index + 1] ?? ''));
    return blocks > 0 && (isClosed || isPairs)
      ? fit(head, `${blocks} ${blocks === 1 ? 'block' : 'blocks'} of certutil -hashfile`)
      : null;
  },
  assume: (head) => fit(head, 'asked for'),
};

function isHeader(text: string): boolean {
  return HEADER_END.test(text) && ALGORITHM.test(text);
}

/** True for a command line, shown with what it printed. Two patterns: one alone looks at the rest behind every word again. */
function isPrompt(text: string): boolean {
  const command = COMMAND.exec(text);
  return command !== null && /hashfile/i.test(text.slice(command.index + command[0].length));
}

/** True for a heading with the hash its algorithm gives behind it, and for any line that is no heading. */
function isPair(text: string, next: string): boolean {
  if (!isHeader(text)) {
    return true;
  }
  const meaning = classifyName(algorithmOf(text));
  return meaning?.kind === 'digest' && kindOfHexLength(next.replaceAll(' ', '').length) === meaning.digest;
}

function fit(head: Head, why: string): Fit {
  return {
    why,
    digests: head.lines.filter(({ text }) => HEX_LINE.test(text)).length,
    carriedColumns: ['name'],
    digestColumns: [],
    open: openCertutil,
    count: createCertutilCounter,
  };
}

interface OpenBlock {
  readonly line: number;
  readonly header: string;
}

function openCertutil(sink: RecordSink): FormatReader {
  const report = createClaimReporter(sink);
  let block: OpenBlock | null = null;
  /** The heading of a hash that is not looked up, while it may go on in the next line. */
  let longer = '';

  const closeEmpty = (): void => {
    if (block !== null) {
      sink.reject(block.line, 0, 'no hash follows this line', block.header.slice(0, 120));
      block = null;
    }
  };

  const takeLine = (bytes: Buffer, start: number, from: number, end: number, line: number): boolean => {
    const text = bytes.toString('latin1', from, end);
    longer = HEX_LINE.test(text) ? longer : '';
    if (TRAILER.test(text) || isPrompt(text)) {
      closeEmpty();
      return false;
    }
    if (HEX_LINE.test(text)) {
      const header = block?.header ?? longer;
      block = null;
      longer = classifyName(algorithmOf(header))?.kind === 'never' ? header : '';
      const column = columnOf(bytes, start, from);
      const excerpt = excerptOf(bytes, from, end);
      report({ line, column, algorithm: algorithmOf(header), value: text, carried: [nameOf(header)], excerpt });
    } else if (isHeader(text)) {
      closeEmpty();
      block = { line, header: textOf(bytes, from, end) };
    } else {
      closeEmpty();
      sink.without(line, 'no hash in this line', excerptOf(bytes, from, end));
    }
    return true;
  };

  return readTrimmedLines(sink, { line: takeLine, overlong: closeEmpty, end: closeEmpty });
}

function algorithmOf(header: string): string {
  const words = header.match(/\b(?:MD[245]|SHA-?\d+)\b/gi) ?? [];
  return words.find((word) => classifyName(word) !== null) ?? '';
}

/**
 * The file's name: what stands between the words of the known languages; in any other language the whole path in the
 * line; else the line.
 */
function nameOf(header: string): string {
  const line = /[:：]$/.test(header) ? header.slice(0, -1).trimEnd() : header;
  for (const pattern of NAME_PATTERNS) {
    const name = pattern.exec(line)?.[1];
    if (name !== undefined && name !== '') {
      return pathIn(name) ?? name;
    }
  }
  return pathIn(line) ?? line;
}

/** A path with a drive letter or of a network share, from where it starts to the end. */
const PATH = /(?<![^\s"'(（:])(?:[A-Za-z]:\\|\\\\[^\\\s]).*$/s;

/** The path a text ends with; a bracket that opens in front of it does not belong to it. */
function pathIn(text: string): string | null {
  const match = PATH.exec(text);
  if (match === null) {
    return null;
  }
  const before = text.slice(0, match.index).replaceAll('（', '(').replaceAll('）', ')');
  const isBracketed = before.lastIndexOf('(') > before.lastIndexOf(')');
  return isBracketed ? match[0].replace(/[)）]$/, '') : match[0];
}

const NAME_PATTERNS = [
  /^\S+ hash of (?:file )?(.+)$/i,
  /^\S+-Hash (?:von|der Datei|von Datei) ?(.+)$/i,
  /^Hachage \S+ (?:de|du fichier) (.+)$/i,
  /^(?:Hash|hash) \S+ (?:de|del archivo|di|do arquivo|do ficheiro) (.+)$/i,
  /^\S+ (?:ハッシュ|哈希|雜湊)[^\w\s]*\s*\(?(?:対象\s*)?(.+?)\)?$/,
  /^\S+ 的 (.+?) ?(?:哈希|雜湊)$/,
];
