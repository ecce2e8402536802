import type { WritableDb } from '../handles.ts';
import { foundation } from './0001-foundation.ts';
import { askingSources } from './0002-asking-sources.ts';
import { lifeOfItems } from './0003-life-of-items.ts';
import { threatSync } from './0004-threat-sync.ts';
import { usage } from './0005-usage.ts';
import { reports } from './0006-reports.ts';

/** One numbered step. `up` runs inside the transaction that also raises user_version; it must be synchronous. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  up(db: WritableDb): void;
}

/** All steps in order, without gaps. Append only: a released migration is never edited. */
export const MIGRATIONS: readonly Migration[] = [foundation, askingSources, lifeOfItems, threatSync, usage, reports];
