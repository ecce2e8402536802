import { STATUS_CODE } from '#shared/domain/status.ts';
import { NO_ANSWER_CODE, NOT_ASKED } from '#main/db/codes.ts';

/** What is done to the database: each by one digest of a file, or by both, which makes them one file. */
export interface Step {
  readonly kind: 'queue' | 'hear' | 'import' | 'link';
  readonly file: number;
  readonly by: 'md5' | 'sha256' | 'both';
  readonly source: number;
  readonly status: number;
  readonly noAnswer: number | null;
  readonly score: number | null;
  readonly threat: string | null;
  readonly scannedAt: number;
  /** Now, seconds since the epoch; may go back. */
  readonly at: number;
}

type State = Pick<Step, 'status' | 'noAnswer' | 'score' | 'threat'>;

interface ModelItem extends State {
  scannedAt: number | null;
  since: number;
}

interface ModelFile {
  readonly digests: Set<string>;
  readonly items: Map<number, ModelItem>;
  readonly history: ModelChange[];
}

export interface ModelChange {
  readonly order: number;
  readonly source: number;
  readonly from: number;
  readonly at: number;
  readonly before: State;
  readonly after: State;
  readonly flip: number;
}

const { malicious, pending, suspicious } = STATUS_CODE;
const COULD_NOT_ASK = NO_ANSWER_CODE['could-not-ask'];
const NOTHING: State = { status: 0, noAnswer: NOT_ASKED, score: null, threat: null };

/** The rules of the life of items without a database, as plainly as they can be said. Files are in the order they were made. */
export class LifeModel {
  readonly files: ModelFile[] = [];
  private changes = 0;

  apply(step: Step): void {
    const kinds = step.by === 'both' ? ['md5', 'sha256'] : [step.by];
    if (step.kind === 'queue' || step.kind === 'hear') {
      // A question has one digest.
      const file = this.place([`${step.by === 'md5' ? 'md5' : 'sha256'} ${step.file}`]);
      if (!file.items.has(step.source)) {
        file.items.set(step.source, { ...NOTHING, scannedAt: null, since: step.at });
      }
    }
    if (step.kind !== 'queue') {
      const file = this.place((step.kind === 'link' ? ['md5', 'sha256'] : kinds).map((kind) => `${kind} ${step.file}`));
      if (step.kind !== 'link') {
        this.put(file, step);
      }
    }
  }

  /** Whether sources disagree about a file. */
  static isDisputed(file: ModelFile): boolean {
    const said = [...file.items.values()].filter(({ noAnswer }) => noAnswer === null).map(({ status }) => status);
    return said.some((status) => status >= suspicious) && said.includes(STATUS_CODE['non-malicious']);
  }

  private place(digests: readonly string[]): ModelFile {
    const [first, ...others] = this.files.filter((file) => digests.some((digest) => file.digests.has(digest)));
    const target = first ?? { digests: new Set(), items: new Map(), history: [] };
    if (first === undefined) {
      this.files.push(target);
    }
    for (const other of others) {
      this.merge(target, other);
      this.files.splice(this.files.indexOf(other), 1);
    }
    for (const digest of digests) {
      target.digests.add(digest);
    }
    return target;
  }

  private merge(target: ModelFile, other: ModelFile): void {
    for (const digest of other.digests) {
      target.digests.add(digest);
    }
    target.history.push(...other.history);
    for (const [source, item] of [...other.items].toSorted(([a], [b]) => a - b)) {
      const own = target.items.get(source);
      const [stays, goes] = own === undefined || isPreferred(item, own) ? [item, own] : [own, item];
      target.items.set(source, stays);
      if (goes !== undefined && isAnswer(goes) && !isSame(stays, goes)) {
        const at = Math.max(stays.since, goes.since);
        this.write(target, { source, from: goes.since, at, before: stateOf(goes), after: stateOf(stays), flip: 0 });
        stays.since = at;
      }
    }
  }

  private put(file: ModelFile, step: Step): void {
    const { source, at } = step;
    const stored = file.items.get(source);
    const said = { ...stateOf(step), scannedAt: step.kind === 'hear' ? at : step.scannedAt, since: at };
    if (stored === undefined || stored.noAnswer === NOT_ASKED) {
      file.items.set(source, said);
      return;
    }
    const fails = said.noAnswer === COULD_NOT_ASK;
    const failed = stored.noAnswer === COULD_NOT_ASK;
    const isOlder = step.kind === 'import' && said.scannedAt < (stored.scannedAt ?? -1);
    if (fails !== failed ? fails : isOlder) {
      return;
    }
    if (isSame(said, stored)) {
      file.items.set(source, { ...said, since: stored.since });
      return;
    }
    if (!failed) {
      const flip = flipOf(file, source, stored, said);
      const change = {
        source,
        from: Math.min(stored.since, at),
        at,
        before: stateOf(stored),
        after: stateOf(said),
        flip,
      };
      this.write(file, change);
    }
    file.items.set(source, said);
  }

  private write(file: ModelFile, change: Omit<ModelChange, 'order'>): void {
    this.changes += 1;
    file.history.push({ ...change, order: this.changes });
  }
}

function flipOf(file: ModelFile, source: number, stored: State, said: State): number {
  const settled = file.history
    .filter((change) => change.source === source && change.before.status !== pending)
    .toSorted((a, b) => b.at - a.at || b.order - a.order);
  const before = stored.status === pending ? settled[0]?.before : stored;
  if (before === undefined || said.status === pending) {
    return 0;
  }
  return Number(said.status === malicious) - Number(before.status === malicious);
}

function isPreferred(a: ModelItem, b: ModelItem): boolean {
  const rank = ({ noAnswer }: State): number => (noAnswer === NOT_ASKED ? 0 : noAnswer === COULD_NOT_ASK ? 1 : 2);
  return rank(a) === rank(b) ? (a.scannedAt ?? -1) > (b.scannedAt ?? -1) : rank(a) > rank(b);
}

function isAnswer({ noAnswer }: State): boolean {
  return noAnswer !== NOT_ASKED && noAnswer !== COULD_NOT_ASK;
}

function isSame(a: State, b: State): boolean {
  return a.status === b.status && a.noAnswer === b.noAnswer && a.score === b.score && a.threat === b.threat;
}

function stateOf({ status, noAnswer, score, threat }: State): State {
  return { status, noAnswer, score, threat };
}
