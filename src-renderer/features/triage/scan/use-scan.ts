import { useState } from 'react';
import type { IntakeSummary, Selection } from '#shared/contract/intake.ts';
import type { OutboundState } from '#shared/contract/outbound.ts';
import { useAsking } from '../../../app/asking.ts';
import { say, sayFault } from '../../../app/store.ts';
import { counted } from '../../../components/words.ts';
import { EVERYTHING } from '../query.ts';

/** What a scan is about to ask for. */
export interface ScanTarget {
  readonly selection: Selection;
  readonly count: number;
  readonly what: 'unknown' | 'selected';
}

export interface Scan {
  readonly target: ScanTarget | null;
  /** What the button says; null where there is nothing to scan, or nothing may be asked. */
  readonly label: string | null;
  /** A scan of the list goes on: another one only adds what is not queued yet. */
  readonly isRunning: boolean;
  readonly open: () => void;
  readonly close: () => void;
}

/** Scanning from an intake: the selected rows when there are any, else everything that is unknown. */
export function useScan(parts: {
  readonly intake: IntakeSummary | null;
  readonly selected: number;
  readonly resolve: () => Promise<Selection | null>;
}): Scan {
  const { intake, selected, resolve } = parts;
  const [target, setTarget] = useState<ScanTarget | null>(null);
  const isRunning = useAsking(({ outbound }) => isAsked(outbound, intake?.id));
  const unknown = intake?.counts.unknown ?? 0;
  const count = selected > 0 ? selected : unknown;
  const what = selected > 0 ? 'selected' : 'unknown';
  const isPossible = intake !== null && !intake.embargo && count > 0;
  const open = (): void => {
    if (!isPossible) {
      say(whyNot(intake));
      return;
    }
    if (what === 'unknown') {
      setTarget({ selection: UNKNOWN_ROWS, count, what });
      return;
    }
    resolve().then(
      (selection) => selection !== null && setTarget({ selection, count, what }),
      (error: unknown) => (error instanceof RangeError ? say(error.message, { isError: true }) : sayFault(error)),
    );
  };
  return {
    target,
    isRunning,
    label: isPossible ? `Scan ${counted(count, what, what)}…` : null,
    open,
    close: () => setTarget(null),
  };
}

const UNKNOWN_ROWS: Selection = {
  kind: 'query',
  query: { ...EVERYTHING, statuses: ['unknown'], sort: 'position', descending: false },
};

/** Rechecks of pending answers go on for long after a scan; they are none. */
function isAsked(outbound: OutboundState | null, intakeId: number | undefined): boolean {
  const groups = outbound?.groups ?? [];
  return groups.some((group) => group.intakeId === intakeId && group.waiting > 0 && group.purpose === 'new');
}

function whyNot(intake: IntakeSummary | null): string {
  return intake?.embargo === true
    ? 'Never ask is on for this list: none of its hashes leaves this machine.'
    : 'Nothing is unknown here. Select rows to ask about them again.';
}
