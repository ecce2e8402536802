import { DIGEST_BIT, strongestKind } from '#shared/domain/hash.ts';
import { digestsAt } from '../bulk/judge-entries.ts';
import { NO_FILE, SEVERAL, type Chunk, type ChunkColumn } from '../bulk/chunk.ts';
import { NO_TIME } from '../bulk/item-classes.ts';
import type { Found } from '../bulk/walk-entries.ts';
import { gather, type FoundFile } from '../gather.ts';
import type { EntrySource, JudgeContext } from '../port.ts';
import { ANSWERS, decidePair, isFresh, MEANING, meaningOf, type ItemsSay, type RowFacts } from './decide-pair.ts';
import { PAIR, type PlanColumns, type PlanQuestion, type PlanSource } from './pairs.ts';

/** Marks of the rows of a chunk by their own digests. */
export interface ChunkMarks {
  /** Per column of the chunk and row: bits of the sources the digest waits for. */
  readonly queued: readonly (Uint8Array | null)[];
  readonly embargoedBy: Uint32Array | null;
  readonly empty: ReadonlySet<number>;
}

export interface DecidingPairs {
  readonly context: JudgeContext;
  readonly question: PlanQuestion;
  readonly source: EntrySource;
  readonly marks: ChunkMarks;
  /** Null for rows that nothing is known about. */
  readonly found: Found | null;
}

const SAYS_NOTHING: ItemsSay = { fresh: null, isConclusive: false };
const NOTHING_KNOWN: Knowledge = { file: 0, isListed: false, isInSet: false, say: () => SAYS_NOTHING };

/** What is known about the file that digests of a row stand for. */
interface Knowledge {
  /** Kinds of all its digests, when it is certainly one. */
  readonly file: number;
  readonly isListed: boolean;
  readonly isInSet: boolean;
  say(source: PlanSource, place: number): ItemsSay;
}

/** Decides every pair of a chunk; `placeOf` tells where in the columns a row belongs. */
export function decideChunk(
  deciding: DecidingPairs,
  chunk: Chunk,
  into: PlanColumns,
  placeOf: (row: number) => number,
): void {
  const rows = new ChunkRows(deciding, chunk);
  const isAsserted = chunk.link === 'asserted';
  const { sources } = deciding.question;
  const chosen = sources.map((source) => (isAsserted ? columnFor(source, chunk) : null));
  for (let row = 0; row < chunk.count; row += 1) {
    const place = placeOf(row);
    into.embargoedBy[place] = deciding.marks.embargoedBy?.[row] ?? 0;
    let first: Knowledge | null = null;
    let answered = 0;
    for (let number = 0; number < sources.length; number += 1) {
      const column = chosen[number] ?? null;
      // What the dropped list alone ties together is looked at digest by digest: it never saves a call.
      const known: Knowledge = first === null || isAsserted ? rows.knowledge(row, column) : first;
      if (known !== first) {
        first ??= known;
        answered ||= answeredBy(known, deciding.question);
      }
      (into.pairs[number] as Uint8Array)[place] = rows.pair(row, number, column, known);
    }
    into.answered[place] = answered;
  }
}

function answeredBy(known: Knowledge, { avoid }: PlanQuestion): number {
  if (known.isListed) {
    return PAIR['hash-list'];
  }
  return known.isInSet && avoid ? PAIR['known-set'] : 0;
}

/** The digest a source is asked by, else the strongest one. */
function columnFor(source: PlanSource, chunk: Chunk): number {
  for (const kind of source.takes) {
    const column = chunk.columns.findIndex((one) => one.kind === kind);
    if (column !== -1) {
      return column;
    }
  }
  return 0;
}

class ChunkRows {
  readonly #deciding: DecidingPairs;
  readonly #chunk: Chunk;
  /** Whether a combination of sets decides a verdict. */
  readonly #decidingCombos: (boolean | undefined)[] = [];
  /** Per source and item class: what it means. */
  readonly #meanings: (number | undefined)[][];

  constructor(deciding: DecidingPairs, chunk: Chunk) {
    this.#deciding = deciding;
    this.#chunk = chunk;
    this.#meanings = deciding.question.sources.map(() => []);
  }

  /** The fate of one pair. `column` is the one digest that counts, null when all of them are certainly the row. */
  pair(row: number, number: number, column: number | null, known: Knowledge): number {
    const { question, marks } = this.#deciding;
    const source = question.sources[number] as PlanSource;
    const own = column === null ? this.#chunk.mask : DIGEST_BIT[(this.#chunk.columns[column] as ChunkColumn).kind];
    const facts: RowFacts = {
      own,
      file: known.file,
      isListed: known.isListed,
      isInSet: known.isInSet,
      isEmpty: marks.empty.size > 0 && marks.empty.has(row),
      isEmbargoed: marks.embargoedBy !== null && marks.embargoedBy[row] !== 0,
      isQueued: this.#isQueued(row, number, column),
    };
    return decidePair(question, source, facts, known.say(source, number));
  }

  knowledge(row: number, column: number | null): Knowledge {
    const { found } = this.#deciding;
    if (found === null) {
      return NOTHING_KNOWN;
    }
    const plain = this.#chunk.slow[row] === 0 ? this.#plain(found, row, column) : null;
    return plain ?? this.#slow(found, row, column);
  }

  #isQueued(row: number, number: number, column: number | null): boolean {
    const { queued } = this.#deciding.marks;
    const bit = 1 << number;
    return column === null
      ? queued.some((marks) => marks !== null && ((marks[row] as number) & bit) !== 0)
      : ((queued[column]?.[row] ?? 0) & bit) !== 0;
  }

  /** From what was found for the whole chunk; null when the row needs a closer look. */
  #plain(found: Found, row: number, column: number | null): Knowledge | null {
    const { pool, combos } = found;
    const columns = column === null ? this.#chunk.columns : [this.#chunk.columns[column] as ChunkColumn];
    let file = NO_FILE;
    let combo = 0;
    let hit = 0;
    let mask = 0;
    for (const one of columns) {
      mask |= DIGEST_BIT[one.kind];
      const each = one.file[row] as number;
      if (each !== NO_FILE) {
        if (each === SEVERAL || (file !== NO_FILE && file !== each)) {
          return null;
        }
        file = each;
        hit |= DIGEST_BIT[one.kind];
      }
      combo = combos.union(combo, one.combo === null ? 0 : (one.combo[row] as number));
    }
    if (file === NO_FILE) {
      return combo === 0 ? NOTHING_KNOWN : { ...NOTHING_KNOWN, isInSet: this.#decides(found, combo) };
    }
    const kinds = pool.kindsOf(file);
    if (pool.isSpecial(file) || (kinds & mask & ~hit) !== 0) {
      return null;
    }
    const strongest = strongestKind(kinds);
    const isDirect = strongest !== null && (hit & DIGEST_BIT[strongest]) !== 0;
    return {
      file: kinds,
      isListed: false,
      isInSet: this.#decides(found, combos.union(combo, pool.comboOf(file))),
      say: (source, number) => this.#sayOfFile(found, file, isDirect, source, number),
    };
  }

  #decides({ combos }: Found, combo: number): boolean {
    let decides = this.#decidingCombos[combo];
    if (decides === undefined) {
      decides = combos.evidence(combo).some(({ mark }) => mark !== 'known');
      this.#decidingCombos[combo] = decides;
    }
    return decides;
  }

  #sayOfFile({ pool }: Found, file: number, isDirect: boolean, source: PlanSource, number: number): ItemsSay {
    const { question, context } = this.#deciding;
    let isConclusive = false;
    let fresh: ItemsSay['fresh'] = null;
    const count = pool.itemCount(file);
    for (let item = 0; item < count; item += 1) {
      const meaning = this.#meaning(pool.itemClass(file, item), source, number, pool);
      const time = pool.itemTime(file, item);
      isConclusive ||= (meaning & MEANING.malicious) !== 0;
      if ((meaning & ANSWERS) !== 0) {
        const at = time === NO_TIME ? null : time;
        fresh = isFresh(at, meaning, source, question, context.now) ? (isDirect ? 'fresh' : 'link') : fresh;
      }
    }
    return { fresh, isConclusive };
  }

  #meaning(itemClass: number, source: PlanSource, number: number, pool: Found['pool']): number {
    const meanings = this.#meanings[number] as (number | undefined)[];
    let meaning = meanings[itemClass];
    if (meaning === undefined) {
      const item = pool.classes.list[itemClass];
      meaning = item === undefined ? MEANING.nothing : meaningOf(item, source, this.#deciding.context.policy);
      meanings[itemClass] = meaning;
    }
    return meaning;
  }

  /** One row straight from the database: near the hash list, several files, or digests that contradict each other. */
  #slow({ lookup }: Found, row: number, column: number | null): Knowledge {
    const { source: entries, context, question } = this.#deciding;
    const { group, from, mask } = this.#chunk;
    const all = digestsAt(entries.read(group, from + row, 1), 0, mask);
    const digests = column === null ? all : all.slice(column, column + 1);
    const gathered = gather(lookup, digests);
    // What an entry of the hash list ties to the row tells no source more: listed hashes are not asked about at all.
    const files = gathered.files.filter(({ tie }) => !tie.team);
    const aliases = files.flatMap(({ file }) => file.digests);
    const own = new Set(digests.map(({ hex }) => hex));
    const [only, ...others] = files;
    return {
      file: only === undefined || others.length > 0 ? 0 : maskOf(only.file.digests),
      isListed:
        gathered.entries.length > 0 || [...digests, ...aliases].some((digest) => lookup.entries(digest).length > 0),
      isInSet: gathered.sets.some(({ hit }) => hit.mark !== 'known'),
      say: (source) => sayOfFiles(files, own, source, question, context),
    };
  }
}

/** Where a digest stands for several files, an answer about one of them is none about the others. */
function sayOfFiles(
  files: readonly FoundFile[],
  own: ReadonlySet<string>,
  source: PlanSource,
  question: PlanQuestion,
  { policy, now }: JudgeContext,
): ItemsSay {
  const each = files.map(({ file, items }) => {
    const meant = items.map((item) => ({ at: item.scannedAt, meaning: meaningOf(item, source, policy) }));
    const answers = meant.filter(({ meaning }) => (meaning & ANSWERS) !== 0);
    return {
      isDirect: own.has(file.digests[0]?.hex ?? ''),
      isFresh: answers.some(({ at, meaning }) => isFresh(at, meaning, source, question, now)),
      isConclusive: meant.some(({ meaning }) => (meaning & MEANING.malicious) !== 0),
    };
  });
  const isAllFresh = each.length > 0 && each.every((one) => one.isFresh);
  return {
    fresh: isAllFresh ? (each.every((one) => one.isDirect) ? 'fresh' : 'link') : null,
    isConclusive: each.some((one) => one.isConclusive),
  };
}

function maskOf(digests: readonly { readonly kind: keyof typeof DIGEST_BIT }[]): number {
  return digests.reduce((mask, { kind }) => mask | DIGEST_BIT[kind], 0);
}
