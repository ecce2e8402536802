import { DIGEST_LABEL, kindOfHexLength } from '#shared/domain/hash.ts';
import { createSlots, takeDigest } from '../bytes/hex.ts';
import { quote } from '../bytes/text.ts';
import { isEmptyCell } from '../delimited/cell.ts';
import { type NameMeaning, classifyName, nameInParts } from '../names/classify-name.ts';
import { whyNoDigest } from '../names/describe-token.ts';
import { columnsOfOneFile } from '../names/one-file.ts';
import { judgeAlgorithm } from '../names/judge-algorithm.ts';
import { LABEL_BYTES, setAsideBy } from '../names/label-before.ts';
import type { DigestSlots, RecordSink } from '../record-sink.ts';

/** What is carried from documents with tables among text. */
export const DOCUMENT_COLUMNS: readonly string[] = ['name', 'text'];

export interface TableRow {
  readonly line: number;
  /** Of the row, in characters; 0 when it means nothing. */
  readonly column: number;
  /** Cells as a reader sees them, without marks. */
  readonly cells: readonly string[];
}

interface Column {
  readonly meaning: NameMeaning | null;
  /** It speaks of another file than the first columns do: a parent, a process. */
  readonly isOfAnother: boolean;
  readonly isName: boolean;
}

const RUN = /(?<![0-9A-Za-z])[0-9a-fA-F]{16,128}(?![0-9A-Za-z])/g;
const NAME = /(^|-)(file|files|filename|file-name|name|path|file-path|sample|image)($|-)/;

/** Reads the rows of tables that head their columns: one record per row, each reported exactly once. */
export function createTableReader(sink: RecordSink): {
  /** Starts a table; no cells when its columns have no names. */
  open(header: readonly string[]): void;
  row(row: TableRow): void;
} {
  const slots = createSlots();
  /** Digests of kinds that the row has already: other files, one each. */
  let others: DigestSlots[] = [];
  /** Of these, those of columns about another file. */
  const ofAnother = new Set<DigestSlots>();
  let columns: readonly Column[] = [];
  let hasNamed = false;

  /** Runs of a cell that no label in front sets aside: `Imphash: ...`. */
  const freeRuns = (cell: string): string[] =>
    [...cell.matchAll(RUN)].flatMap(({ 0: run, index }) => {
      const label = run.length < 32 ? null : setAsideBy(cell.slice(Math.max(0, index - LABEL_BYTES), index));
      if (label !== null) {
        sink.notDigest(label);
      }
      return label === null ? [run] : [];
    });

  /** Takes the digests of a cell; returns why the cell is not usable, or null. */
  const takeCell = (cell: string, column: Column | undefined): string | null => {
    const meaning = column?.meaning ?? null;
    if (meaning?.kind === 'never') {
      (cell.match(RUN) ?? []).filter((run) => run.length >= 32).forEach(() => sink.notDigest(meaning.name));
      return null;
    }
    if (hasNamed && meaning === null) {
      return null;
    }
    const runs = wholeCell(cell, meaning) ?? freeRuns(cell);
    let problem: string | null = null;
    for (const run of runs) {
      const kind = kindOfHexLength(run.length);
      const before = slots.mask;
      if (kind === null) {
        problem = whyNoDigest(run) ?? problem;
      } else if (meaning?.kind === 'digest' && meaning.digest !== kind) {
        problem = `${DIGEST_LABEL[meaning.digest]} is named, but the hash has the length of ${DIGEST_LABEL[kind]}`;
      } else if (column?.isOfAnother === true) {
        const other = createSlots();
        takeDigest(Buffer.from(run), 0, run.length, other);
        others.push(other);
        ofAnother.add(other);
      } else if ((before & { md5: 1, sha1: 2, sha256: 4 }[kind]) !== 0) {
        const other = createSlots();
        takeDigest(Buffer.from(run), 0, run.length, other);
        if (Buffer.compare(other[kind], slots[kind]) !== 0) {
          others.push(other);
        }
      } else {
        takeDigest(Buffer.from(run), 0, run.length, slots);
      }
    }
    if (runs.length === 0 && meaning?.kind === 'digest' && !isEmptyCell(cell)) {
      return whyNoDigest(cell) ?? `“${quote(cell).slice(0, 40)}” is not a hash`;
    }
    return problem;
  };

  return {
    open(header) {
      const digests = header.flatMap((name, index) => {
        const meaning = classifyName(name);
        return meaning?.kind === 'digest' ? [{ name, kind: meaning.digest, index }] : [];
      });
      const otherColumns = new Set(digests.map(({ index }) => index));
      columnsOfOneFile(digests).forEach(({ index }) => otherColumns.delete(index));
      columns = header.map((name, index) => ({
        meaning: classifyName(name),
        isOfAnother: otherColumns.has(index),
        isName: NAME.test(nameInParts(name)),
      }));
      hasNamed = columns.some(({ meaning }) => meaning?.kind === 'digest' || meaning?.kind === 'any');
    },
    row({ line, column, cells }) {
      slots.mask = 0;
      others = [];
      ofAnother.clear();
      let problem: string | null = null;
      // `| Imphash | ... |`: the first cell may be the heading of the row.
      const label = /[0-9a-fA-F]{32}/.test(cells[0] ?? '') ? '' : (cells[0] ?? '');
      cells.forEach((cell, index) => {
        problem = takeCell(cell, columns[index]) ?? problem;
      });
      const text = cells.join(' | ');
      const excerpt = quote(text);
      const [first = slots, ...rest] = slots.mask === 0 ? others : [slots, ...others];
      const judged = judgeAlgorithm(label.length > 40 ? '' : label, first.mask);
      if (judged.not === 'other-algorithm' && first.mask !== 0) {
        [first, ...rest].forEach(() => sink.notDigest(judged.name));
        sink.without(line, judged.reason, excerpt);
      } else if (judged.not === 'wrong-length') {
        sink.reject(line, column, judged.reason, excerpt);
      } else if (first.mask !== 0) {
        if (problem !== null) {
          sink.notDigest('damaged digest beside a good one');
        }
        const name = cells.find((_, index) => columns[index]?.isName === true) ?? '';
        const carried = [name, text.slice(0, TEXT_LIMIT)];
        // The name in a row is that of its file, not of a parent or process beside it.
        const carriedBy = (one: DigestSlots): readonly string[] =>
          ofAnother.has(one) ? ['', carried[1] ?? ''] : carried;
        sink.hash(line, column, first, carriedBy(first));
        rest.forEach((other) => sink.another(line, column, other, carriedBy(other)));
      } else if (problem === null) {
        sink.without(line, 'no hash in this row', excerpt);
      } else {
        sink.reject(line, column, problem, excerpt);
      }
    },
  };
}

/** A narrow column breaks digests: its heading says that what stands in the cell is one. */
function wholeCell(cell: string, meaning: NameMeaning | null): string[] | null {
  const digits = cell.length > 200 ? cell : cell.replaceAll(/\s+/g, '');
  const kind = /^[0-9a-fA-F]+$/.test(digits) ? kindOfHexLength(digits.length) : null;
  return meaning?.kind === 'digest' && kind === meaning.digest ? [digits] : null;
}

/** Characters of a row that are carried. */
const TEXT_LIMIT = 1000;
