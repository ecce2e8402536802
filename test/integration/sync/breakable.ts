import type { Fault } from '#main/simulators/port.ts';
import { syncWorld, type SyncWorld, type WorldOptions } from './world.ts';

/** A world whose Tanium can be broken for as long as it takes. */
export interface BreakableWorld extends SyncWorld {
  /** Every request to Tanium meets this fault from now on; null: none does, but for one that waits already. */
  readonly break: (fault: Fault | null) => void;
}

export async function breakableWorld(options: WorldOptions = {}): Promise<BreakableWorld> {
  let lasting: Fault | null = null;
  const world = await syncWorld({
    ...options,
    tanium: {
      ...options.tanium,
      onRequest() {
        if (lasting !== null) {
          world.tanium.script([lasting]);
        }
      },
    },
  });
  return {
    ...world,
    break(fault) {
      if (fault !== null && lasting === null) {
        world.tanium.script([fault]);
      }
      lasting = fault;
    },
  };
}
