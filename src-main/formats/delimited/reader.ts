import { kindOfByteLength } from '#shared/domain/hash.ts';
import { createSlots, takeDigest } from '../bytes/hex.ts';
import { columnOf, excerptOf, quote, skipBlanks, trimBlanks } from '../bytes/text.ts';
import { classifyName } from '../names/classify-name.ts';
import { whyNoDigest } from '../names/describe-token.ts';
import { fileOfEventText } from '../names/event-file.ts';
import { judgeAlgorithm } from '../names/judge-algorithm.ts';
import { isZeros, ZEROS } from '../names/zeros.ts';
import type { DigestSlots, FormatReader, RecordSink } from '../record-sink.ts';
import { OtherLines, rejectOverlong } from '../parts/other-lines.ts';
import { bareCell, bareFileId, isEmptyCell, nameInFront, packedDigests, packedOthers, plainDigests } from './cell.ts';
import type { ColumnPlan } from './choose-columns.ts';
import type { Row } from './row.ts';
import { createRowFeeder, type RowHandler } from './rows.ts';

const NOTHING: readonly string[] = [];
const NONE: readonly DigestSlots[] = [];
/** Shorter cells of a set-aside column are marks such as `-` or `n/a`, not values. */
const SHORTEST_VALUE = 8;

/** The column of the file an event's text names. */
const EVENT_FILE = 'Image';

/** Indexes of the columns that are carried, in order. */
function carriedIndexes(plan: ColumnPlan): number[] {
  return plan.names.map((_, index) => index).filter((index) => !plan.digests.includes(index));
}

/** The column of the names that stand in front of digests, in the same cell. */
const NAMED_FILE = 'file name';

/** Names of what is carried, in order; files that texts of events, or cells of digests, name come last. */
export function carriedNames(plan: ColumnPlan): string[] {
  const names = carriedIndexes(plan).map((index) => plan.names[index] ?? '');
  const event = names.includes(EVENT_FILE) ? `${EVENT_FILE} (event)` : EVENT_FILE;
  const file = names.includes(NAMED_FILE) ? `${NAMED_FILE} (value)` : NAMED_FILE;
  return [...names, ...(plan.hasEventText ? [event] : []), ...(plan.hasNamedDigests ? [file] : [])];
}

/** Reads rows by a column plan, behind `linesBefore`: one record per row, with every digest the row holds. */
export function openDelimited(sink: RecordSink, delimiter: number, plan: ColumnPlan, linesBefore = 0): FormatReader {
  const cells = createCellReader(sink, plan);
  const carried = carriedIndexes(plan);
  const values: string[] = carried.map(() => '');
  const setAside = [...plan.setAside];
  const others = new OtherLines(sink);

  const carry = (row: Row): readonly string[] => {
    if (carried.length === 0 && !plan.hasEventText && !plan.hasNamedDigests) {
      return NOTHING;
    }
    for (let place = 0; place < carried.length; place += 1) {
      values[place] = row.text(carried[place] as number);
    }
    if (plan.hasEventText) {
      values[carried.length] = fileOfEventText(plan.digests.map((index) => row.text(index)).join('\n'));
    }
    if (plan.hasNamedDigests) {
      const named = plan.digests.map((index) => nameInFront(row.text(index))).find((name) => name !== '');
      values[carried.length + (plan.hasEventText ? 1 : 0)] = named ?? '';
    }
    if (row.count > plan.names.length && carried.length > 0) {
      values[carried.length - 1] += String.fromCharCode(delimiter) + row.rest(plan.names.length);
    }
    return values;
  };

  const rows: RowHandler = {
    row(row, line) {
      for (const [index, name] of setAside) {
        if (index < row.count && row.cellEnd(index) - row.cellStart(index) >= SHORTEST_VALUE) {
          sink.notDigest(name);
        }
      }
      const found = cells.read(row);
      if (found.slots.mask !== 0 && found.problem === null) {
        if (row.count > plan.names.length && carried.length === 0) {
          sink.notDigest('cell beyond the last column');
        }
        const values = carry(row);
        sink.hash(line, found.column, found.slots, values);
        found.others.forEach((slots) => sink.another(line, found.column, slots, values));
      } else if (found.problem !== null) {
        sink.reject(line, found.column, found.problem, excerptOf(row.bytes, row.start, row.end));
      } else {
        sink.without(line, found.missing, excerptOf(row.bytes, row.start, row.end));
      }
    },
    otherLine() {
      others.add(1);
    },
    overlong(excerpt, line) {
      rejectOverlong(sink, excerpt, line);
    },
    openQuote(line) {
      others.tell();
      sink.fault(`A quote that opens in line ${line} is never closed; the lines after it were read as one row each.`);
    },
  };
  return others.readWith(createRowFeeder(delimiter, plan.skipLines, rows, linesBefore));
}

/** What the digest columns of a row say. The object is reused. */
interface Found {
  readonly slots: DigestSlots;
  /** Digests of kinds that the row has already: other files, one each. */
  others: readonly DigestSlots[];
  column: number;
  /** Why the row is rejected, or null. */
  problem: string | null;
  /** Why the row holds no digest, when it does not. */
  missing: string;
}

function createCellReader(sink: RecordSink, plan: ColumnPlan): { read(row: Row): Found } {
  const found: Found = { slots: createSlots(), others: NONE, column: 0, problem: null, missing: '' };
  let spare = createSlots();
  const { slots } = found;
  const noHash = plan.digests.length === 0 ? 'no column holds hashes' : 'no hash in this row';

  /** Decodes a cell that is one digest and nothing else. */
  const takePlain = (bytes: Buffer, from: number, end: number): boolean => {
    const kind = kindOfByteLength((end - from) / 2);
    if (kind === null) {
      return false;
    }
    spare.mask = slots.mask;
    const before = slots.mask;
    const bit = takeDigest(bytes, from, end, before === 0 ? slots : spare);
    if (bit === 0) {
      return false;
    }
    if (before === 0) {
      return true;
    }
    if ((before & bit) === 0) {
      slots[kind].set(spare[kind]);
      slots.mask = before | bit;
    } else if (Buffer.compare(slots[kind], spare[kind]) !== 0) {
      spare.mask = bit;
      found.others = [...found.others, spare];
      spare = createSlots();
    }
    return true;
  };

  const takeOther = (row: Row, index: number): string | null => {
    const text = row.text(index).trim();
    if (isEmptyCell(text)) {
      return null;
    }
    const bare = plan.fileIds.has(index) ? bareFileId(text) : bareCell(text);
    const packed = packedDigests(bare).map((one) => one.hex);
    const several = packed.length > 0 ? packed : plainDigests(bare);
    for (const hex of several.length > 0 ? several : [bare]) {
      const bytes = Buffer.from(hex);
      if (!takePlain(bytes, 0, bytes.length)) {
        found.missing = 'no hash in this row, but other text';
        return whyNoDigest(bare) ?? (plan.strict.has(index) ? `“${quote(bare).slice(0, 40)}” is not a hash` : null);
      }
    }
    packedOthers(bare).forEach((name) => sink.notDigest(name));
    return null;
  };

  /** True where the label of a custom field names no digest of a file. */
  const isOfOtherField = (row: Row, index: number, length: number): boolean => {
    const label = plan.labels.get(index);
    const meaning = label === undefined ? null : classifyName(row.text(label));
    if (meaning?.kind !== 'never') {
      return false;
    }
    if (length >= SHORTEST_VALUE) {
      sink.notDigest(meaning.name);
    }
    return true;
  };

  const read = (row: Row): Found => {
    slots.mask = 0;
    found.others = NONE;
    found.problem = null;
    found.column = 0;
    found.missing = noHash;
    let damaged: string | null = null;
    for (const index of plan.digests) {
      if (index >= row.count) {
        continue;
      }
      const from = skipBlanks(row.bytes, row.cellStart(index), row.cellEnd(index));
      const end = trimBlanks(row.bytes, from, row.cellEnd(index));
      if (from === end || isOfOtherField(row, index, end - from)) {
        continue;
      }
      if (isZeros(row.bytes, from, end)) {
        sink.notDigest(ZEROS);
        continue;
      }
      if (!takePlain(row.bytes, from, end)) {
        damaged = takeOther(row, index) ?? damaged;
      }
      if (found.column === 0 && !row.spansLines) {
        found.column = columnOf(row.bytes, row.start, from);
      }
    }
    if (slots.mask === 0) {
      found.problem = damaged;
      if (damaged !== null && plan.hasHeader && isHeaderAgain(row, plan)) {
        found.problem = null;
        found.missing = 'the header again';
      }
    } else if (damaged !== null) {
      sink.notDigest('damaged digest beside a good one');
    }
    if (plan.algorithm >= 0 && (slots.mask !== 0 || found.problem !== null)) {
      applyAlgorithm(row.text(plan.algorithm));
    }
    return found;
  };

  /** The row itself names the algorithm: another one than the length suggests settles it. */
  const applyAlgorithm = (named: string): void => {
    const judged = judgeAlgorithm(named, slots.mask);
    if (judged.not === 'other-algorithm') {
      slots.mask = 0;
      found.problem = null;
      sink.notDigest(judged.name);
      found.others.forEach(() => sink.notDigest(judged.name));
      found.missing = judged.reason;
    } else if (judged.not === 'wrong-length') {
      found.problem = judged.reason;
    }
  };

  return { read };
}

function isHeaderAgain(row: Row, plan: ColumnPlan): boolean {
  return plan.digests.some((index) => row.text(index).trim() === plan.names[index]);
}
