import { useState } from 'react';
import type { TagCount } from '#shared/domain/annotation.ts';
import { useCall, useChanged } from '../../bridge/use-call.ts';

/** What is written on the rows of a list. */
export interface Written {
  readonly tags: readonly TagCount[];
  readonly noted: number;
  /** Another number whenever something was written, here or by another process. */
  readonly turn: number;
}

const NO_TAGS: readonly TagCount[] = [];

/** Follows what is written on the rows of an intake; null asks nothing. */
export function useWritten(intakeId: number | null): Written {
  const { value } = useCall('annotation.tags', intakeId === null ? null : { intakeId }, ['annotations']);
  const [turn, setTurn] = useState(0);
  useChanged(['annotations'], () => setTurn((before) => before + 1));
  return { tags: value?.tags ?? NO_TAGS, noted: value?.noted ?? 0, turn };
}
