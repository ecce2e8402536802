import type { Database } from '../../db/port.ts';
import type { SourceState } from '../../db/repositories/queue-types.ts';
import type { Ledger } from './port.ts';

/** The queue and the ledger of a database. Permission to call is a row in it, whichever process asks. */
export function ledgerOf(database: Pick<Database, 'read' | 'write'>, minuteMs: number): Ledger {
  return {
    claim: (args) => database.write('claimRequest', args, 'person'),
    settle: async (args) => void (await database.write('settleRequest', args, 'person')),
    async state(source) {
      const states = await database.read('sourceStates', undefined);
      return states.find((state) => state.source === source) ?? untouched(source);
    },
    changeState: async (source, change, at) =>
      void (await database.write('setSourceState', { source, change, at, unlessPaused: true }, 'person')),
    spends: (source, now) => database.read('windowSpends', { source, now, minuteMs }),
  };
}

/** What is remembered of a source nothing was ever written about. */
export function untouched(source: number): SourceState {
  return {
    source,
    state: 'ready',
    reason: null,
    until: null,
    faults: 0,
    lastAnswerAt: null,
    learned: [],
    updatedAt: 0,
  };
}
