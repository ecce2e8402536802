import { DIGEST_BYTES, type DigestKind } from '#shared/domain/hash.ts';
import { RULES } from '#shared/domain/basis.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { ReadableDb } from '../../../db/handles.ts';
import { filesByKeys } from '../../../db/repositories/evidence.ts';
import { kindsOfMask, offsetInEntry } from '../../../intakes/intake-columns.ts';
import { keyOf } from '../../triage/digest-keys.ts';
import type { JudgeContext } from '../../triage/port.ts';
import { isAliasPair, PAIR, pairCode, pairKind, type PlanColumns, type PlanQuestion } from '../../triage/plan/pairs.ts';
import { planEntries } from '../../triage/plan/plan-entries.ts';
import { dropRepeats } from '../../triage/plan/repeats.ts';
import { selectEntries } from '../../triage/plan/selected-entries.ts';
import { embargoAll, keepCalls, totalsOf, type Billing, type PlanTotals } from '../../triage/plan/summary.ts';
import type { OpenIntake } from './open-intake.ts';

/** What is to be planned. */
export interface PlanTask {
  readonly question: PlanQuestion;
  /** In the order of the question's sources. */
  readonly billing: readonly Billing[];
  /** At most this many calls; null for no limit. */
  readonly maxCalls: number | null;
  /** The intake itself is under embargo. */
  readonly isEmbargoed: boolean;
}

/** Digests of one kind for one source, packed. */
export interface PlanPart {
  /** Place of the source in the question. */
  readonly source: number;
  readonly kind: DigestKind;
  readonly digests: Uint8Array;
}

/** What is to be queued of a stretch of a plan. */
export interface PlanSlice {
  /** Where the next slice starts; null after the last one. */
  readonly next: number | null;
  readonly asked: readonly PlanPart[];
  /** Digests of files that the source takes no digest of. */
  readonly cannot: readonly PlanPart[];
}

const RULE_NEVER_ASKED = RULES.indexOf('never-asked');
/** Digests looked up by one statement. */
const FILES_BATCH = 500;
const PLACE: Readonly<Record<DigestKind, 1 | 2 | 3>> = { md5: 1, sha1: 2, sha256: 3 };

interface MadePlan {
  readonly intake: OpenIntake;
  readonly columns: PlanColumns;
  /** Selected entries in the order they are asked. */
  readonly order: Uint32Array;
  /** Place of each entry of the intake in the columns. */
  readonly placeOf: (entry: number) => number;
}

/** Plans under way: each is of one moment and keeps its intake's file open until it is ended. */
export class ScanPlans {
  readonly #plans = new Map<number, MadePlan>();
  #nextId = 1;

  /** Decides every pair of the selected entries. */
  make(
    intake: OpenIntake,
    selected: Uint32Array,
    task: PlanTask,
    context: JudgeContext,
    isCancelled: () => boolean,
  ): { readonly planId: number; readonly totals: PlanTotals } {
    const entries = selectEntries(intake.file.source(), selected);
    const { rule } = intake.view.verdicts;
    const isNeverAsked = (entry: number): boolean => rule[entries.entries[entry] as number] === RULE_NEVER_ASKED;
    const columns = planEntries(context, entries, task.question, isNeverAsked, isCancelled);
    if (columns === null) {
      throw new AppError('CANCELLED', 'Cancelled. Nothing was queued.');
    }
    dropRepeats(entries, columns);
    const placeOf = placesOf(entries.entries, intake.file.entries);
    const order = distinct(selected, entries.length, intake.file.entries);
    const places = order.map(placeOf);
    if (task.isEmbargoed) {
      embargoAll(columns, intake.id);
    }
    if (task.maxCalls !== null) {
      keepCalls(columns, places, task.billing, task.maxCalls);
    }
    const planId = this.#nextId;
    this.#nextId += 1;
    intake.pin();
    if (order.length > intake.file.entries / 8) {
      intake.file.holdDigests();
    }
    this.#plans.set(planId, { intake, columns, order, placeOf });
    return { planId, totals: totalsOf(columns, places) };
  }

  /** What is to be queued of the next `limit` entries of a plan. */
  slice(db: ReadableDb, planId: number, from: number, limit: number): PlanSlice {
    const plan = this.#plans.get(planId);
    if (plan === undefined) {
      throw new AppError('NOT_FOUND', 'The plan has ended. Start the scan again.');
    }
    const { order, columns } = plan;
    const to = Math.min(order.length, from + limit);
    const asked = new Parts();
    const cannot = new Parts();
    const byLink: Wanted[] = [];
    for (const entry of order.subarray(from, to)) {
      for (const [source, column] of columns.pairs.entries()) {
        takePair(plan, entry, source, column[plan.placeOf(entry)] as number, asked, cannot, byLink);
      }
    }
    addLinked(db, byLink, asked, cannot);
    return { next: to < order.length ? to : null, asked: asked.packed(), cannot: cannot.packed() };
  }

  /** Lets the intake's file go; ending twice does nothing. */
  end(planId: number): void {
    const intake = this.#plans.get(planId)?.intake;
    this.#plans.delete(planId);
    intake?.file.releaseDigests();
    intake?.unpin();
  }

  /** Ends every plan. */
  dispose(): void {
    for (const planId of this.#plans.keys()) {
      this.end(planId);
    }
  }
}

/** A pair to be asked by another digest of the file. */
interface Wanted {
  readonly source: number;
  readonly kind: DigestKind;
  readonly own: Uint8Array;
  readonly ownKind: DigestKind;
}

/** What is queued already is queued by this list as well: should the other one be cancelled, it is still asked. */
const TAKEN: readonly number[] = [PAIR.ask, PAIR.kind, PAIR.queued];

function takePair(
  { intake }: MadePlan,
  entry: number,
  source: number,
  packed: number,
  asked: Parts,
  cannot: Parts,
  byLink: Wanted[],
): void {
  if (!TAKEN.includes(pairCode(packed))) {
    return;
  }
  const { file } = intake;
  const { mask } = file.groups[file.groupOf(entry)] ?? { mask: 0 };
  const kind = pairKind(packed);
  const [strongest] = kindsOfMask(mask);
  if (strongest === undefined) {
    return;
  }
  const bytes = file.entryBytes(entry);
  if (kind === null || isAliasPair(packed)) {
    const own = bytes.subarray(0, DIGEST_BYTES[strongest]);
    if (kind === null) {
      cannot.add(source, strongest, own);
    } else {
      byLink.push({ source, kind, own: own.slice(), ownKind: strongest });
    }
    return;
  }
  const at = offsetInEntry(mask, kind);
  asked.add(source, kind, bytes.subarray(at, at + DIGEST_BYTES[kind]));
}

/** Looks the other digests up, many at a time. A link that went meanwhile leaves a digest the source does not take. */
function addLinked(db: ReadableDb, wanted: readonly Wanted[], asked: Parts, cannot: Parts): void {
  for (let from = 0; from < wanted.length; from += FILES_BATCH) {
    const some = wanted.slice(from, from + FILES_BATCH);
    const rows = filesByKeys(db, [...new Set(some.map(({ own }) => keyOf(own)))]);
    const byDigest = new Map<string, (typeof rows)[number][]>();
    for (const row of rows) {
      for (const digest of [row[1], row[2], row[3]]) {
        if (digest !== null) {
          const hex = Buffer.from(digest).toString('hex');
          byDigest.set(hex, [...(byDigest.get(hex) ?? []), row]);
        }
      }
    }
    for (const { source, kind, own, ownKind } of some) {
      const files = byDigest.get(Buffer.from(own).toString('hex')) ?? [];
      const digest = new Set(files.map(([id]) => id)).size === 1 ? (files[0]?.[PLACE[kind]] ?? null) : null;
      if (digest === null) {
        cannot.add(source, ownKind, own);
      } else {
        asked.add(source, kind, digest);
      }
    }
  }
}

/** Digests gathered by source and kind. */
class Parts {
  readonly #parts = new Map<string, { source: number; kind: DigestKind; bytes: Uint8Array[] }>();

  add(source: number, kind: DigestKind, digest: Uint8Array): void {
    const name = `${source} ${kind}`;
    let part = this.#parts.get(name);
    if (part === undefined) {
      part = { source, kind, bytes: [] };
      this.#parts.set(name, part);
    }
    part.bytes.push(digest.slice());
  }

  packed(): PlanPart[] {
    return [...this.#parts.values()].map(({ source, kind, bytes }) => ({
      source,
      kind,
      digests: new Uint8Array(Buffer.concat(bytes)),
    }));
  }
}

/** Each selected entry once, where it is named first. */
function distinct(selected: Uint32Array, count: number, entries: number): Uint32Array {
  if (selected.length === count) {
    return selected;
  }
  const seen = new Uint8Array(entries);
  return selected.filter((entry) => {
    const isNew = seen[entry] === 0;
    seen[entry] = 1;
    return isNew;
  });
}

/** Where an entry of the intake lies among the selected ones. */
function placesOf(entries: Uint32Array, all: number): (entry: number) => number {
  if (entries.length === all) {
    return (entry) => entry;
  }
  const places = new Uint32Array(all);
  for (let place = 0; place < entries.length; place += 1) {
    places[entries[place] as number] = place;
  }
  return (entry) => places[entry] as number;
}
