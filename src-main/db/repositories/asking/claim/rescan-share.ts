import type { QuotaWindow } from '#shared/domain/outcome.ts';
import type { ReadableDb } from '../../../handles.ts';
import type { ClaimArgs } from '../../queue-types.ts';
import { purposeCode } from '../codes.ts';
import { roomOf } from '../ledger/ledger.ts';

const PERSON = purposeCode('person');
const RESCAN = purposeCode('rescan');

/** One purpose's turn in filling a request. */
export interface Turn {
  readonly purpose: number;
  /** Rescans before new hashes: only of what counts as malicious, and whatever the share is spent to. */
  readonly isMaliciousFirst: boolean;
}

/** The order in which purposes are looked at, of those that wait. */
export function turnsOf(purposes: ReadonlySet<number>, rescansFirst: boolean): readonly Turn[] {
  const turns = [...purposes].toSorted((a, b) => a - b).map((purpose) => ({ purpose, isMaliciousFirst: false }));
  if (!rescansFirst || !purposes.has(RESCAN)) {
    return turns;
  }
  const people = turns.filter(({ purpose }) => purpose === PERSON);
  const others = turns.filter(({ purpose }) => purpose !== PERSON);
  return [...people, { purpose: RESCAN, isMaliciousFirst: true }, ...others];
}

/** What rescans may still take of one request by their share of the windows. */
export interface RescanShare {
  /** True when a row of this turn may be picked next beside `picked` ones. */
  allows(turn: Turn, picked: number): boolean;
  /** A rescan was picked that counts against the share. */
  took(): void;
  /** Why rescans were held back, and until when; null when they were not. */
  readonly heldBack: { readonly until: number; readonly why: QuotaWindow } | null;
}

/** Looks at the ledger only when a rescan is about to be picked. */
export function rescanShareOf(db: ReadableDb, args: ClaimArgs): RescanShare {
  let left: number | null = null;
  let heldBack: RescanShare['heldBack'] = null;

  function look(): number {
    const room = roomOf(db, { ...args, limits: args.rescanLimits });
    if (room.kind === 'full') {
      heldBack = { until: room.until, why: room.why };
      return 0;
    }
    return room.calls;
  }

  return {
    allows({ purpose, isMaliciousFirst }, picked) {
      // A request that goes anyhow costs no more with them.
      const isFree = args.billedBy === 'request' && picked > 0;
      if (purpose !== RESCAN || isMaliciousFirst || isFree) {
        return true;
      }
      // Hashes that go before them in this request count, too.
      left ??= look() - (args.billedBy === 'hash' ? picked : 0);
      return left > 0;
    },
    took() {
      if (left !== null) {
        left -= 1;
      }
    },
    get heldBack() {
      return heldBack;
    },
  };
}
