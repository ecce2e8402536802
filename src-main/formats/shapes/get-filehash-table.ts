import { kindOfHexLength } from '#shared/domain/hash.ts';
import { lastWordOf, quote, textOf } from '../bytes/text.ts';
import { createLineCounter } from '../counters/line-counter.ts';
import type { Fit, Format } from '../format.ts';
import type { Head } from '../head.ts';
import { classifyName } from '../names/classify-name.ts';
import type { FormatReader, RecordSink } from '../record-sink.ts';
import { openLines } from '../parts/line-reader.ts';
import { createClaimReporter } from '../parts/one-digest.ts';

type ColumnName = 'Algorithm' | 'Hash' | 'Path';

const USUAL_ORDER: readonly ColumnName[] = ['Algorithm', 'Hash', 'Path'];
const HEADER = /^(?:Algorithm|Hash|Path)(?= (?: |Algorithm|Hash|Path)|[\t-\r ]*$)/;
const ROW = /^(MD5|SHA1|SHA256) {2,}([0-9A-F]{32,64})(?: {2,}\S.*)?$/;
const DASHES = /^-{4,}[-\t-\r ]*$/;
/** Header and dash lines are told by their first bytes. */
const FRAME_BYTES = 40;
/** A path that goes on in the next line stands below its column. */
const CONTINUATION_BLANKS = 8;

/** `Get-FileHash` as PowerShell shows it: Algorithm, Hash and Path side by side below a line of dashes. */
export const getFileHashTable: Format = {
  id: 'get-filehash-table',
  label: 'Get-FileHash (table)',
  probe(head) {
    const at = head.lines.findIndex(
      ({ text }, index) =>
        HEADER.test(text) && orderOf(text).includes('Hash') && DASHES.test(head.lines[index + 1]?.text ?? ''),
    );
    if (at >= 0) {
      return fit(head, `header names ${orderOf(head.lines[at]?.text ?? '').join(', ')}`);
    }
    const rows = head.lines.length;
    return rows > 0 && head.lines.every(({ text }) => isWholeRow(text))
      ? fit(head, `${rows} ${rows === 1 ? 'row' : 'rows'} of algorithm, hash and path`)
      : null;
  },
  assume: (head) => fit(head, 'asked for'),
};

function fit(head: Head, why: string): Fit {
  return {
    why,
    digests: head.lines.filter(({ text }) => /(?:^|\s)[0-9A-Fa-f]{32,}(?:\s|$)/.test(text)).length,
    carriedColumns: ['Algorithm', 'Path'],
    digestColumns: ['Hash'],
    open: openTable,
    count: () => createLineCounter({ suspects: 'AHP-', isOther: isFrame, continuationBlanks: CONTINUATION_BLANKS }),
  };
}

/** A row as the table shows it without its headings: names of algorithms are padded to a column. */
function isWholeRow(text: string): boolean {
  const [, algorithm = '', hash = ''] = ROW.exec(text) ?? [];
  const meaning = classifyName(algorithm);
  return meaning?.kind === 'digest' && meaning.digest === kindOfHexLength(hash.length);
}

function isFrame(text: string): boolean {
  const first = text.slice(0, FRAME_BYTES);
  return HEADER.test(first) || DASHES.test(first);
}

function orderOf(header: string): ColumnName[] {
  return header.split(/\s+/).filter((word): word is ColumnName => (USUAL_ORDER as readonly string[]).includes(word));
}

interface HeldRow {
  readonly line: number;
  readonly text: string;
  readonly more: string[];
}

function openTable(sink: RecordSink): FormatReader {
  const report = createClaimReporter(sink);
  let order = USUAL_ORDER;
  /** The last row, until it is known that its path does not go on. */
  let held: HeldRow | null = null;

  const release = (): void => {
    if (held === null) {
      return;
    }
    const { line, text, more } = held;
    held = null;
    const cells = cut(text, order);
    if (cells === null) {
      sink.without(line, 'no hash in this row', quote(text));
      return;
    }
    const carried = [cells.Algorithm, cells.Path + more.join('')];
    report({ line, column: 0, algorithm: cells.Algorithm, value: cells.Hash, carried, excerpt: quote(text) });
  };

  return openLines(sink, {
    isOther(bytes, from, end, start) {
      const first = bytes.toString('latin1', from, Math.min(end, from + FRAME_BYTES));
      if (from - start >= CONTINUATION_BLANKS) {
        held?.more.push(textOf(bytes, from, end));
        return true;
      }
      if (!isFrame(first)) {
        return false;
      }
      release();
      const named = orderOf(textOf(bytes, from, end));
      order = named.includes('Hash') ? named : order;
      return true;
    },
    record(bytes, from, end, line) {
      release();
      held = { line, text: textOf(bytes, from, end), more: [] };
    },
    finish: release,
  });
}

/** Cells by blanks: only the path may hold some, so what stands before it is cut from the left, the rest from the right. */
function cut(text: string, order: readonly ColumnName[]): Record<ColumnName, string> | null {
  const cells: Record<ColumnName, string> = { Algorithm: '', Hash: '', Path: '' };
  const path = order.indexOf('Path');
  const before = path < 0 ? order : order.slice(0, path);
  const after = path < 0 ? [] : order.slice(path + 1).toReversed();
  let rest = text;
  for (const name of before) {
    const match = /^(\S+)\s*/.exec(rest);
    cells[name] = match?.[1] ?? '';
    rest = rest.slice(match?.[0].length ?? 0);
  }
  for (const name of after) {
    const word = lastWordOf(rest);
    cells[name] = word;
    rest = word === '' ? '' : rest.slice(0, rest.length - word.length).trimEnd();
  }
  cells.Path = path < 0 ? '' : rest;
  return cells.Hash === '' ? null : cells;
}
