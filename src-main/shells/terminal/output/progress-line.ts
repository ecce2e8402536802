import type { TerminalStream } from '../host.ts';
import { bytes, count, duration } from './numbers.ts';
import { fit } from './plain-text.ts';
import { widthOf } from './stream-output.ts';

export interface ProgressStep {
  readonly phase: string;
  readonly done: number;
  /** Null when the end is not known, as with standard input. */
  readonly total: number | null;
  /** `none` where the phase says what is counted. */
  readonly unit: 'bytes' | 'rows' | 'digests' | 'hashes' | 'lines' | 'files' | 'none';
  /** Further words, e.g. how many records so far. */
  readonly note?: string;
}

/** One line that redraws itself on a terminal, at most ten times a second, and leaves no trace. */
export interface ProgressLine {
  show(step: ProgressStep): void;
  clear(): void;
}

const REDRAW_MS = 100;
const BAR_CELLS = 20;

/** A progress line on `stream`; one that does nothing when it is not a terminal or the person asked for quiet. */
export function createProgressLine(stream: TerminalStream, wanted: boolean, now: () => number): ProgressLine {
  if (!wanted || stream.isTTY !== true) {
    return { show: () => undefined, clear: () => undefined };
  }
  let drawnAt = 0;
  let phase = '';
  let phaseSince = 0;
  let drawn = false;
  return {
    show(step) {
      const at = now();
      if (step.phase !== phase) {
        phase = step.phase;
        phaseSince = at;
      } else if (at - drawnAt < REDRAW_MS) {
        return;
      }
      drawnAt = at;
      drawn = true;
      stream.write(`\r\u001b[K${fit(progressText(step, at - phaseSince), widthOf(stream) - 1)}`);
    },
    clear() {
      if (drawn) {
        stream.write('\r\u001b[K');
        drawn = false;
      }
    },
  };
}

/** The words of a progress line: phase, bar, share, amounts, time left once it can be told. */
export function progressText(step: ProgressStep, elapsedMs: number): string {
  const amount = (value: number): string => (step.unit === 'bytes' ? bytes(value) : count(value));
  const unit = step.unit === 'bytes' || step.unit === 'none' ? '' : ` ${step.unit}`;
  const note = step.note === undefined ? '' : `  ${step.note}`;
  if (step.total === null || step.total === 0) {
    if (step.unit === 'none' && step.done === 0) {
      return `${step.phase}${note}`;
    }
    return `${step.phase}  ${amount(step.done)}${unit}${note}`;
  }
  const share = Math.min(1, step.done / step.total);
  const full = Math.round(share * BAR_CELLS);
  const bar = '█'.repeat(full) + '░'.repeat(BAR_CELLS - full);
  const left = elapsedMs > 1000 && share > 0.02 ? `  ${duration((elapsedMs / share) * (1 - share))} left` : '';
  return `${step.phase}  ${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${amount(step.done)} of ${amount(step.total)}${unit}${note}${left}`;
}
