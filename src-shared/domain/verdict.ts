import { FLAG, type Flag, type Rule, type Verdict } from './basis.ts';
import type { EntryEvidence, Evidence, ItemEvidence, SetMark, Threshold, VerdictPolicy } from './evidence.ts';
import { RISK_SOURCES, sourceCode, type SourceId } from './source.ts';
import { STATUS_CODE, type Status } from './status.ts';

/** One thing said about a file, whoever said it. */
interface Answer {
  readonly status: Status;
  readonly rule: Rule;
  readonly source: SourceId | null;
  readonly at: number | null;
  readonly weak: boolean;
}

/**
 * Which rule speaks first inside one status. A question that failed comes before "no source knows it": that sentence
 * would be untrue while one source was not heard.
 */
const PRECEDENCE: Readonly<Record<Rule, number>> = {
  'hash-list': 8,
  source: 7,
  'known-bad': 6,
  'known-good': 5,
  pending: 4,
  'known-set': 3,
  'could-not-ask': 2,
  'source-does-not-know': 1,
  'never-asked': 0,
};

/** "Known" says nothing about good or bad. */
const SET_MEANING: Readonly<Record<SetMark, { readonly status: Status; readonly rule: Rule }>> = {
  'known-bad': { status: 'malicious', rule: 'known-bad' },
  'known-good': { status: 'non-malicious', rule: 'known-good' },
  known: { status: 'unknown', rule: 'known-set' },
};

const SUSPICIOUS = STATUS_CODE.suspicious;

/** The verdict when nothing on this machine says anything. */
export const NEVER_ASKED: Verdict = {
  status: 'unknown',
  rule: 'never-asked',
  source: null,
  agreeing: 0,
  answeredAt: null,
  flags: [],
};

/** True when an answer made then is past its rescan interval. An answer without a time is not called stale. */
export function isStale(answeredAt: number | null, policy: VerdictPolicy, now: number): boolean {
  return answeredAt !== null && now - answeredAt > policy.staleAfter;
}

/**
 * The status an item counts with. A score at or above a set threshold makes the item malicious or suspicious. Below a
 * set threshold it is not that status: one that its source calls malicious counts as suspicious when only the
 * malicious threshold is set, and as non-malicious below both; of a source that vouches for no file it is then unknown. Where the suspicious threshold is no lower than the
 * malicious one, no score below malicious can meet it, and what was stored as suspicious stays so. Without a score, or
 * without thresholds, the stored status stands; so do `pending` and an answer that was none.
 */
export function effectiveStatus(item: ItemEvidence, policy: VerdictPolicy): Status {
  const threshold = policy.thresholds[item.source];
  const { score, status } = item;
  if (threshold === undefined || score === null || status === 'pending' || item.noAnswer !== null) {
    return status;
  }
  if (threshold.malicious === null ? status === 'malicious' : score >= threshold.malicious) {
    return 'malicious';
  }
  if (threshold.suspicious === null ? STATUS_CODE[status] >= SUSPICIOUS : score >= threshold.suspicious) {
    return 'suspicious';
  }
  if (status === 'suspicious' && isOutOfReach(threshold)) {
    return 'suspicious';
  }
  if (STATUS_CODE[status] < SUSPICIOUS) {
    return status;
  }
  return RISK_SOURCES.has(item.source) ? 'unknown' : 'non-malicious';
}

function isOutOfReach({ malicious, suspicious }: Threshold): boolean {
  return malicious !== null && suspicious !== null && suspicious >= malicious;
}

/** Judges one candidate file. Pure; the order of the evidence never matters. */
export function decide(evidence: Evidence, policy: VerdictPolicy, now: number): Verdict {
  return decideCandidates([evidence], policy, now);
}

/**
 * Judges one row. The worst of its own candidates shows. What contradicts the row and what only the dropped list ties
 * to it may raise the verdict to suspicious or malicious; it never lowers, replaces or removes anything.
 */
export function decideEntry(evidence: EntryEvidence, policy: VerdictPolicy, now: number): Verdict {
  let verdict = decideCandidates(evidence.own, policy, now);
  if (evidence.contradicting.length > 0) {
    verdict = raise(verdict, worstOf(evidence.contradicting, policy, now), 'ambiguous');
  }
  if (evidence.asserted.length > 0) {
    verdict = raise(verdict, worstOf(evidence.asserted, policy, now), 'asserted');
  }
  return verdict;
}

function decideCandidates(candidates: readonly Evidence[], policy: VerdictPolicy, now: number): Verdict {
  const seen = candidates.length > 1 ? new Set<object>() : null;
  const all: Answer[] = [];
  let deciding: Answer | null = null;
  for (const candidate of candidates) {
    const answers: Answer[] = [];
    addAnswers(candidate, policy, (answer, origin) => {
      answers.push(answer);
      if (seen === null || !seen.has(origin)) {
        seen?.add(origin);
        all.push(answer);
      }
    });
    const worst = decidingAnswer(answers);
    if (worst !== null && (deciding === null || isWorse(worst, deciding))) {
      deciding = worst;
    }
  }
  return deciding === null ? NEVER_ASKED : describe(deciding, all, candidates.length > 1, policy, now);
}

function addAnswers(evidence: Evidence, policy: VerdictPolicy, add: (answer: Answer, origin: object) => void): void {
  for (const entry of evidence.list) {
    add({ status: entry.side, rule: 'hash-list', source: null, at: entry.addedAt, weak: entry.weak === true }, entry);
  }
  for (const item of evidence.items) {
    const status = effectiveStatus(item, policy);
    add(
      { status, rule: itemRule(status, item), source: item.source, at: item.scannedAt, weak: item.weak === true },
      item,
    );
  }
  for (const set of evidence.sets) {
    add({ ...SET_MEANING[set.mark], source: null, at: set.datedAt, weak: set.weak === true }, set);
  }
}

function itemRule(status: Status, item: ItemEvidence): Rule {
  if (status === 'unknown') {
    return item.noAnswer === 'could-not-ask' ? 'could-not-ask' : 'source-does-not-know';
  }
  return status === 'pending' ? 'pending' : 'source';
}

/** The list's word when there is one, else the worst answer; inside a status by rule, then the freshest. */
function decidingAnswer(answers: readonly Answer[]): Answer | null {
  let best: Answer | null = null;
  for (const answer of answers) {
    if (best === null) {
      best = answer;
    } else if ((answer.rule === 'hash-list') === (best.rule === 'hash-list')) {
      best = isWorse(answer, best) ? answer : best;
    } else {
      best = answer.rule === 'hash-list' ? answer : best;
    }
  }
  return best;
}

function isWorse(a: Answer, b: Answer): boolean {
  const difference =
    STATUS_CODE[a.status] - STATUS_CODE[b.status] ||
    PRECEDENCE[a.rule] - PRECEDENCE[b.rule] ||
    (a.at ?? -1) - (b.at ?? -1) ||
    codeOf(b.source) - codeOf(a.source);
  return difference > 0;
}

function codeOf(source: SourceId | null): number {
  return source === null ? 0 : sourceCode(source);
}

function describe(
  deciding: Answer,
  all: readonly Answer[],
  ambiguous: boolean,
  policy: VerdictPolicy,
  now: number,
): Verdict {
  // Kinds of "unknown" do not agree with each other: that a set knows a file is not what a source said.
  const same = all.filter(
    (answer) => answer.status === deciding.status && (deciding.status !== 'unknown' || answer.rule === deciding.rule),
  );
  const good = all.some((answer) => answer.status === 'non-malicious');
  const bad = all.some((answer) => STATUS_CODE[answer.status] >= SUSPICIOUS);
  const sides = new Set(all.filter((answer) => answer.rule === 'hash-list').map((answer) => answer.status));
  const flags = flagsOf({
    conflict: good && bad,
    stale: deciding.source !== null && isStale(deciding.at, policy, now),
    ambiguous,
    weak: same.every((answer) => answer.weak),
    listedBothSides: sides.size > 1,
  });
  return {
    status: deciding.status,
    rule: deciding.rule,
    source: deciding.source,
    agreeing: same.length - 1,
    answeredAt: deciding.at,
    flags,
  };
}

/** The worst of evidence that was judged each on its own, so that good news about one never hides bad news of another. */
function worstOf(evidence: readonly Evidence[], policy: VerdictPolicy, now: number): Verdict {
  let worst = NEVER_ASKED;
  for (const one of evidence) {
    const verdict = decide(one, policy, now);
    worst = isWorseVerdict(verdict, worst) ? verdict : worst;
  }
  return worst;
}

function isWorseVerdict(a: Verdict, b: Verdict): boolean {
  const [left, right] = [a, b].map((one) => ({ ...one, at: one.answeredAt, weak: false }) satisfies Answer);
  return left !== undefined && right !== undefined && isWorse(left, right);
}

function raise(base: Verdict, other: Verdict, by: 'ambiguous' | 'asserted'): Verdict {
  if (STATUS_CODE[other.status] < SUSPICIOUS) {
    return base;
  }
  const disagree = base.status === 'non-malicious' || base.flags.includes('conflict');
  if (base.rule === 'hash-list') {
    if (by === 'ambiguous' || base.status === 'malicious') {
      return base;
    }
    // The team's word on the row itself stands against sources. Against the other side of its own list it cannot.
    return other.rule === 'hash-list' && other.status === 'malicious'
      ? withFlags(other, [...base.flags, 'conflict', 'weak', 'asserted', 'listedBothSides'])
      : withFlags(base, ['conflict']);
  }
  if (STATUS_CODE[other.status] <= STATUS_CODE[base.status]) {
    return base;
  }
  return withFlags(other, disagree ? [by, 'weak', 'conflict'] : [by, 'weak']);
}

function withFlags(verdict: Verdict, more: readonly Flag[]): Verdict {
  const set = new Set([...verdict.flags, ...more]);
  return { ...verdict, flags: ALL_FLAGS.filter((flag) => set.has(flag)) };
}

const ALL_FLAGS = Object.keys(FLAG) as readonly Flag[];

function flagsOf(on: { readonly [F in Flag]?: boolean }): readonly Flag[] {
  return ALL_FLAGS.filter((flag) => on[flag] === true);
}

/** The stored bits of a verdict's flags. */
export function flagBits(flags: readonly Flag[]): number {
  return flags.reduce((bits, flag) => bits | FLAG[flag], 0);
}

/** The flags of stored bits, in the order of FLAG. */
export function flagsOfBits(bits: number): readonly Flag[] {
  return ALL_FLAGS.filter((flag) => (bits & FLAG[flag]) !== 0);
}
