import { JOIN_LIMIT } from '../names/broken-digest.ts';
import {
  FIELD_LABEL_BYTES,
  FieldLabels,
  LONGEST_LABEL_RUN,
  SHORTEST_LABEL_RUN,
  customFieldBefore,
  fieldOfLabel,
  setAsideByFieldLabel,
} from '../names/custom-field.ts';
import { LABEL_BYTES } from '../names/label-before.ts';
import type { TextBetween } from './text-counter.ts';

/** Counts digests in custom fields of events, whose labels may come behind them. */
export interface FieldLabelCounter {
  /** A digest at `from` that is counted for now. */
  digest(from: number): void;
  /** A run of letters and digits that ends at `to`. */
  word(from: number, to: number): void;
  /** Reads what stands behind labels while it is there: the line is known up to `seen`. */
  look(seen: number): void;
  /** At the end of a line: how many of its digests are none of files. */
  end(width: number): number;
}

export function createFieldLabelCounter(text: TextBetween): FieldLabelCounter {
  const digests = new Map<string, number>();
  let labels = new FieldLabels();
  let open: { readonly field: string; readonly to: number }[] = [];

  const read = (seen: number, isEnd: boolean): void => {
    open = open.filter(({ field, to }) => {
      const stop = Math.min(seen, to + FIELD_LABEL_BYTES, JOIN_LIMIT);
      const isWhole = isEnd || stop < seen;
      if (isWhole) {
        labels.add(field, setAsideByFieldLabel(text(to, stop)));
      }
      return !isWhole;
    });
  };

  return {
    digest(from) {
      const field = from < JOIN_LIMIT ? customFieldBefore(text(from - LABEL_BYTES, from)) : null;
      if (field !== null) {
        digests.set(field, (digests.get(field) ?? 0) + 1);
      }
    },
    word(from, to) {
      const length = to - from;
      const isShort = length < SHORTEST_LABEL_RUN || length > LONGEST_LABEL_RUN;
      const field = isShort || to > JOIN_LIMIT ? null : fieldOfLabel(text(from, to));
      if (field !== null) {
        open.push({ field, to });
      }
    },
    look(seen) {
      if (open.length > 0) {
        read(seen, false);
      }
    },
    end(width) {
      if (open.length > 0) {
        read(width, true);
      }
      let aside = 0;
      if (digests.size > 0) {
        for (const [field, count] of digests) {
          aside += labels.nameOf(field) === null ? 0 : count;
        }
        digests.clear();
      }
      labels = new FieldLabels();
      return aside;
    },
  };
}
