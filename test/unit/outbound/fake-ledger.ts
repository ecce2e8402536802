import type { Claim, ClaimArgs, SettleArgs, SourceState } from '#main/db/repositories/queue-types.ts';
import { untouched } from '#main/jobs/outbound/ledger.ts';
import type { Ledger } from '#main/jobs/outbound/port.ts';
import { hashOf } from './answers.ts';

/** A queue in memory without windows: what the loop is told when is all that these tests are about. */
export interface FakeLedger extends Ledger {
  readonly claims: ClaimArgs[];
  readonly settles: SettleArgs[];
  present: SourceState;
  /** Numbers of the hashes that wait. */
  readonly waiting: ReadonlyMap<number, { readonly attempts: number; readonly notBefore: number }>;
  /** Told instead of looking at the queue; null to look. */
  answer: Claim | null;
  /** What claim and settle do until a test replaces them. */
  look: Ledger['claim'];
  put: Ledger['settle'];
}

export function fakeLedger(source: number, hashes: readonly number[]): FakeLedger {
  const waiting = new Map(hashes.map((n) => [n, { attempts: 0, notBefore: 0 }]));
  const onTheirWay = new Set<number>();
  const ledger: FakeLedger = {
    claims: [],
    settles: [],
    present: untouched(source),
    waiting,
    answer: null,
    claim: (args) => ledger.look(args),
    settle: (args) => ledger.put(args),
    async look(args) {
      ledger.claims.push(args);
      return { claim: ledger.answer ?? claimed(args), dropped: {} };
    },
    async put(args) {
      ledger.settles.push(args);
      for (const row of args.rows) {
        onTheirWay.delete(row.queueId);
        const before = waiting.get(row.queueId);
        if (row.next === 'done') {
          waiting.delete(row.queueId);
        } else {
          const attempts = (before?.attempts ?? 0) + (row.countAttempt ? 1 : 0);
          waiting.set(row.queueId, { attempts, notBefore: row.notBefore });
        }
      }
    },
    state: async () => ledger.present,
    async changeState(_source, change, at) {
      ledger.present = { ...ledger.present, ...change, updatedAt: at };
    },
    spends: async () => [],
  };
  return ledger;

  function claimed(args: ClaimArgs): Claim {
    const free = [...waiting].filter(([n]) => !onTheirWay.has(n));
    const due = free.filter(([, row]) => row.notBefore <= args.now).slice(0, args.hashesPerRequest);
    if (due.length > 0) {
      for (const [n] of due) {
        onTheirWay.add(n);
      }
      return {
        kind: 'request',
        requestId: ledger.claims.length,
        digestKind: 'sha256',
        digests: Buffer.from(due.map(([n]) => hashOf(n)).join(''), 'hex'),
        rows: due.map(([n, row]) => ({ id: n, attempts: row.attempts, purpose: 'new', awaits: null })),
        single: false,
        billed: 1,
      };
    }
    return free.length === 0
      ? { kind: 'empty' }
      : { kind: 'wait', until: Math.min(...free.map(([, row]) => row.notBefore)), why: 'not-before' };
  }
}
