import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Counts } from '#shared/contract/common.ts';
import type { GridQuery, GridRow, InputFileView, Selection } from '#shared/contract/intake.ts';
import type { DigestSet } from '#shared/domain/hash.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { ReadableDb } from '../../../db/handles.ts';
import { openMoment } from '../../../db/open.ts';
import { lastSeq } from '../../../db/repositories/changes.ts';
import { databaseMeta } from '../../../db/repositories/meta.ts';
import { allSettings } from '../../../db/repositories/settings.ts';
import { emptyVerdictColumns } from '../../../intakes/verdict-columns.ts';
import { copyVerdicts } from '../../../intakes/verdict-file.ts';
import { countVerdicts } from '../../../intakes/view/intake-view.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { WrittenCounts } from '../../annotations/port.ts';
import { tooMany } from '../../annotations/too-many.ts';
import type { ListOverlay } from '../../triage/overlay.ts';
import type { EntrySource, Judge, JudgeContext } from '../../triage/port.ts';
import { standingOf } from '../../triage/standing.ts';
import type { ReportSource, ReportTask } from '../../report/rows/report-content.ts';
import { previewReport, writeReport, type ReportOutcome } from '../../report/rows/write-report.ts';
import type { ExportRow, HashKnowledge, KnownDetail, SingleHash, Trouble } from '../port.ts';
import { computedSets } from './computed-sets.ts';
import { countHolding, placesOfAll, type KeptPlaces } from './elsewhere.ts';
import { effectOnIntakes } from './list-effect.ts';
import { detailOf } from './detail.ts';
import { knowledgeOf } from './knowledge.ts';
import { judgeKept, OpenIntake, passOverKept, type Judgement } from './open-intake.ts';
import { policyOf } from '#shared/settings/verdict-policy.ts';
import { certainSet, exportRows, gridRow } from './rows.ts';
import { lastDigests, packedDigests } from './packed-digests.ts';
import { ScanPlans, type PlanSlice, type PlanTask } from './scan-plans.ts';
import type { PlanTotals } from '../../triage/plan/summary.ts';
import { copyText } from './copy-text.ts';
import { entriesOf, heldEntries, type HeldEntries } from './received.ts';
import { SeenIndex } from './seen-index.ts';

/** Intakes held in memory at once; the one used longest ago is closed. A million rows take about 40 MB. */
const OPEN_INTAKES = 3;
const BATCH_ROWS = 1_000;

export interface HostParts {
  /** The data directory. */
  readonly directory: string;
  readonly db: ReadableDb;
  readonly judge: Judge;
  readonly clock: Clock;
}

/** A result together with the judging it caused, for whoever keeps the rows. */
export interface Judged<T> {
  readonly value: T;
  readonly judgement: Judgement | null;
}

/**
 * Everything that looks into kept intakes: paging, details, judging, exports. Works in place on one thread, the caller's
 * or a worker's; holds the last few intakes open.
 */
export class IntakeHost {
  readonly #parts: HostParts;
  readonly #open = new Map<number, OpenIntake>();
  readonly #seen = new SeenIndex();
  readonly #plans = new ScanPlans();
  #isStopping = false;

  constructor(parts: HostParts) {
    this.#parts = parts;
  }

  /** Judges an intake that was just read. */
  judgeNew(id: number): Judgement {
    const { directory, judge } = this.#parts;
    return judgeKept(directory, id, judge, this.#context(), () => this.#isStopping);
  }

  /**
   * Takes changes `from` (not included) to `seq` as seen by an intake that was judged at `from`: its own digests were tied
   * together for all others, which tells it nothing new. Only for intakes whose every row is a file that was read.
   */
  passOver(id: number, from: number, seq: number): void {
    const open = this.#open.get(id);
    if (open === undefined) {
      passOverKept(this.#parts.directory, id, from, seq);
    } else {
      open.passOver(from, seq);
    }
  }

  /** Counts what the first hashes of an intake are while the rest is still read. */
  firstLook(source: EntrySource): { readonly counts: Counts; readonly judged: number } {
    const columns = emptyVerdictColumns(source.length);
    this.#parts.judge.judge(this.#context(), source, columns, () => this.#isStopping);
    return { counts: countVerdicts(columns), judged: source.length };
  }

  /** Judges again first when the data changed since. */
  inputs(id: number): Judged<{ inputs: InputFileView[]; emptyColumns: number[] }> {
    const { intake, judgement } = this.#use(id, true);
    const { inputs, emptyColumns } = intake.file;
    return { value: { inputs: inputs.map((input) => input.view), emptyColumns: [...emptyColumns] }, judgement };
  }

  rows(
    id: number,
    query: GridQuery,
    page: { readonly offset: number; readonly limit: number },
  ): Judged<{ total: number; judgedSeq: number; orderId: number; rows: GridRow[] }> {
    const { intake, judgement } = this.#use(id);
    const { file, view } = intake;
    const { order, orderId } = view.select(query);
    const entries = Array.from(order.subarray(page.offset, page.offset + page.limit));
    const marks = intake.marks.on(entries);
    const rows = entries.map((entry, place) => gridRow(file, view.verdicts, entry, marks[place]));
    return { value: { total: order.length, judgedSeq: intake.seq, orderId, rows }, judgement };
  }

  detail(id: number, entry: number): Judged<KnownDetail> {
    const { intake, judgement } = this.#use(id, true);
    mustHold(intake, [entry]);
    return { value: detailOf(this.#parts, this.#context(), intake, entry), judgement };
  }

  hashes(
    id: number,
    selection: Selection,
    as: 'list' | 'tsv' | 'defanged',
  ): { text: string; rows: number; truncated: boolean } {
    const { intake } = this.#use(id);
    const { simulated } = databaseMeta(this.#parts.db);
    return copyText(intake, this.#selected(intake, selection), as, simulated);
  }

  /** What certainly belongs to each entry: of digests that only the dropped list ties together, the strongest alone. */
  digestsOf(id: number, entries: readonly number[]): DigestSet[] {
    const { intake } = this.#use(id);
    mustHold(intake, entries);
    return entries.map((entry) => certainSet(intake.file, entry));
  }

  /** The same of selected rows; refused for more than `most`. */
  certainSets(id: number, selection: Selection, most: number): DigestSet[] {
    const { intake } = this.#use(id);
    const selected = this.#selected(intake, selection);
    if (selected.length > most) {
      throw tooMany(selected.length);
    }
    return Array.from(selected, (entry) => certainSet(intake.file, entry));
  }

  /** Tags and notes on the rows of an intake. */
  writtenCounts(id: number): WrittenCounts {
    return this.#use(id).intake.marks.counts();
  }

  /** The digests of samples, which Assay read itself, from the `from`-th on. */
  computedSets(id: number, from: number, limit: number): DigestSet[] {
    return computedSets(this.#parts.directory, id, from, limit);
  }

  troubles(id: number, page: { readonly offset: number; readonly limit: number }): { total: number; rows: Trouble[] } {
    const { file } = this.#use(id).intake;
    const rows = file.troubles(page.offset, page.limit).map((trouble): Trouble => ({
      file: trouble.file ?? file.inputs[trouble.input]?.view.name ?? '',
      line: trouble.line,
      column: trouble.column === 0 ? null : trouble.column,
      kind: trouble.kind,
      reason: trouble.reason,
      excerpt: trouble.excerpt,
    }));
    return { total: file.meta.troubles, rows };
  }

  /** What is known about single hashes, judged as a row of a list is. */
  explain(hashes: readonly SingleHash[]): HashKnowledge[] {
    return knowledgeOf(this.#parts, this.#context(), hashes, this.#seen);
  }

  /** How files stand here, in their order: their verdict, and who says that they are harmless. */
  standing(files: readonly (readonly SingleHash[])[]): ReturnType<typeof standingOf> {
    return standingOf(this.#context(), files);
  }

  /** For each digest set, how many kept intakes hold one of its digests. */
  countHolding(sets: readonly DigestSet[]): number[] {
    return countHolding(this.#parts, sets);
  }

  /** Which entries of a stretch of an intake another one holds. */
  heldEntries(id: number, other: number, from: number, limit: number): HeldEntries {
    return heldEntries(this.#parts.directory, id, other, from, limit);
  }

  /** For each digest the entry of an intake that holds it; null where none does. */
  entriesOf(id: number, digests: readonly Uint8Array[]): (number | null)[] {
    return entriesOf(this.#parts.directory, id, digests);
  }

  /** For each digest set, the kept intakes that hold one of its digests: the `most` newest by name, and how many. */
  placesOf(sets: readonly DigestSet[], most: number): readonly KeptPlaces[] {
    return placesOfAll(this.#parts, sets, this.#seen, most);
  }

  /** What a planned change of the hash list does to kept intakes older than `below`, a short time's worth. */
  listEffect(overlay: ListOverlay, below: number | null): ReturnType<typeof effectOnIntakes> {
    return effectOnIntakes(this.#parts.directory, this.#context(), overlay, below, this.#seen);
  }

  /** What the verdicts are at present. */
  judgement(id: number): Judgement {
    const { intake, judgement } = this.#use(id);
    return judgement ?? intake.judgement();
  }

  /** Judges what is open against what changed; names those with verdicts that moved. */
  rejudgeOpen(): Judgement[] {
    const judgements: Judgement[] = [];
    for (const intake of this.#open.values()) {
      const judgement = this.#refresh(intake, false);
      if (judgement !== null) {
        judgements.push(judgement);
      }
    }
    return judgements;
  }

  /** Selected rows in batches; other work runs in between. */
  async *batches(id: number, selection: Selection, isCancelled: () => boolean): AsyncGenerator<readonly ExportRow[]> {
    const { intake } = this.#use(id);
    const { file, view } = intake;
    // Verdicts may change while batches are taken, and the order with them: an export is of one moment.
    const order = this.#selected(intake, selection);
    const verdicts = copyVerdicts(view.verdicts);
    intake.pin();
    if (order.length > file.entries / 8) {
      file.holdDigests();
    }
    try {
      for (let from = 0; from < order.length; from += BATCH_ROWS) {
        if (isCancelled() || this.#isStopping) {
          throw new AppError('CANCELLED', 'Cancelled before all rows were given out.');
        }
        yield exportRows(intake, verdicts, order.subarray(from, from + BATCH_ROWS));
        await nextTurn();
      }
    } finally {
      file.releaseDigests();
      intake.unpin();
    }
  }

  /** Writes a report of the selected rows as they are now; whole or not at all. */
  async report(
    task: ReportTask,
    path: string,
    onRows: (done: number, total: number) => void,
    signal: AbortSignal,
  ): Promise<Judged<ReportOutcome>> {
    return this.#atOneMoment(task, (source) => writeReport(source, task, path, onRows, signal));
  }

  /** What a report of the selected rows begins with. */
  async reportPreview(
    task: ReportTask,
    signal: AbortSignal,
  ): Promise<Judged<Awaited<ReturnType<typeof previewReport>>>> {
    return this.#atOneMoment(task, (source) => previewReport(source, task, signal));
  }

  /** A stretch of the selected rows. */
  exportRows(
    id: number,
    selection: Selection,
    page: { readonly offset: number; readonly limit: number },
  ): { total: number; rows: ExportRow[] } {
    const { intake } = this.#use(id);
    const order = this.#selected(intake, selection);
    const rows = exportRows(intake, intake.view.verdicts, order.subarray(page.offset, page.offset + page.limit));
    return { total: order.length, rows };
  }

  /** What a scan of the selected rows would ask, decided for all of them at once. */
  planScan(
    id: number,
    selection: Selection,
    task: PlanTask,
  ): Judged<{ readonly planId: number; readonly totals: PlanTotals }> {
    const { intake, judgement } = this.#use(id, true);
    const selected = this.#selected(intake, selection);
    return {
      value: this.#plans.make(intake, selected, task, this.#context(), () => this.#isStopping),
      judgement,
    };
  }

  /** What a plan queues of its entries `from` to `from + limit`. */
  planSlice(planId: number, from: number, limit: number): PlanSlice {
    return this.#plans.slice(this.#parts.db, planId, from, limit);
  }

  /** Ends a plan: what it held of its intake is let go. */
  endPlan(planId: number): void {
    this.#plans.end(planId);
  }

  /** All digests of entries `from` to `from + limit`, by kind; needs no verdicts. */
  packedDigests(id: number, from: number, limit: number): ReturnType<typeof packedDigests> {
    return packedDigests(this.#parts.directory, id, from, limit);
  }

  /** The digests of the last entry. */
  lastDigests(id: number): ReturnType<typeof lastDigests> {
    return lastDigests(this.#parts.directory, id);
  }

  /** Closes an intake whose files are about to go. */
  release(id: number): void {
    this.#open.get(id)?.close();
    this.#open.delete(id);
  }

  /** Closes everything and keeps verdicts that are newer than the kept ones. Running loops end at their next step. */
  dispose(): void {
    this.#isStopping = true;
    this.#plans.dispose();
    for (const intake of this.#open.values()) {
      intake.save();
      intake.close();
    }
    this.#open.clear();
  }

  /**
   * The intake in memory, judged when it is opened. One that is open already is judged again only when asked: the feed of
   * changes sees to it, and a page must not wait for every change of a running import.
   */
  #use(id: number, isRefreshed = false): { readonly intake: OpenIntake; readonly judgement: Judgement | null } {
    const known = this.#open.get(id);
    if (known !== undefined) {
      this.#open.delete(id);
      this.#open.set(id, known);
      known.refreshMarks();
      return { intake: known, judgement: isRefreshed ? this.#refresh(known, false) : null };
    }
    const intake = OpenIntake.open(this.#parts.directory, id, this.#parts.judge, this.#context());
    this.#open.set(id, intake);
    intake.refreshMarks();
    for (const [oldest, other] of this.#open) {
      if (this.#open.size <= OPEN_INTAKES) {
        break;
      }
      other.save();
      other.close();
      this.#open.delete(oldest);
    }
    return { intake, judgement: this.#refresh(intake, true) };
  }

  /** Works with the data as it is at this moment, and with verdicts that rest on just that. */
  async #atOneMoment<T>(
    { intakeId, selection }: ReportTask,
    work: (source: ReportSource) => Promise<T>,
  ): Promise<Judged<T>> {
    const { intake, judgement: atFirst } = this.#use(intakeId, true);
    const db = openMoment(this.#parts.db.name);
    intake.pin();
    try {
      const context = { ...this.#context(), db };
      // Others may have written since.
      const judgement = intake.refresh(context, lastSeq(db), false) ?? atFirst;
      const source: ReportSource = {
        context,
        intake,
        verdicts: copyVerdicts(intake.view.verdicts),
        order: this.#selected(intake, selection),
        problems: judgement?.problems ?? null,
        troubles: (page) => this.troubles(intakeId, page),
      };
      return { value: await work(source), judgement };
    } finally {
      intake.unpin();
      db.close();
    }
  }

  #refresh(intake: OpenIntake, isOpening: boolean): Judgement | null {
    return intake.refresh(this.#context(), lastSeq(this.#parts.db), isOpening);
  }

  #selected(intake: OpenIntake, selection: Selection): Uint32Array {
    if (selection.kind === 'query') {
      return intake.view.select(selection.query).order;
    }
    mustHold(intake, selection.entries);
    // A row that is named twice is one row.
    return Uint32Array.from(new Set(selection.entries));
  }

  #context(): JudgeContext {
    const { db, directory } = this.#parts;
    return { db, directory, policy: policyOf(allSettings(db)), now: this.#now() };
  }

  #now(): number {
    return Math.floor(this.#parts.clock.now() / 1000);
  }
}

function mustHold(intake: OpenIntake, entries: readonly number[]): void {
  for (const entry of entries) {
    if (!Number.isInteger(entry) || entry < 0 || entry >= intake.file.entries) {
      throw new AppError(
        'NOT_FOUND',
        `Intake ${intake.id} has no row ${entry}; it has ${intake.file.entries}. Open the intake again.`,
      );
    }
  }
}
