import type { CallOutput, CallParsed } from '#shared/contract/index.ts';
import type { Settings } from '#shared/settings/schema.ts';

/** What a purge removed. */
export interface Purged {
  readonly items: number;
  readonly files: number;
  readonly reports: number;
  /** The day, since the epoch, before which nobody may have asked; null when items are never removed. */
  readonly askedBefore: number | null;
}

/** The size as the Maximum Database Size counts it, in bytes. */
export interface DatabaseSize {
  /** Used pages, the kept reports among them, and kept intakes. */
  readonly bytes: number;
  readonly cap: number;
  /** Items are not made at present: the maximum is reached and nothing else may go. */
  readonly isFull: boolean;
}

/** Removing what nobody asks for, and the maximum size. */
export interface PurgeService {
  /** What a purge now would remove; by another interval than the one that is set, if one is given. */
  preview(signal: AbortSignal, interval?: Pick<Settings, 'removeItemDays'>): Promise<CallOutput<'life.purgePreview'>>;
  /** Removes exactly what `preview` names at that moment; cancelled, what is removed stays removed. */
  purge(onProgress: (done: number, total: number) => void, signal: AbortSignal): Promise<Purged>;
  /**
   * How many of `count` new items may be made. At the maximum size kept reports go first, then the unknown items that
   * were least recently asked for; nothing malicious, hash-listed or in a kept intake goes. Of the record of requests the
   * oldest days go, before items what is over its share, never the running month.
   */
  room(count: number, signal: AbortSignal): Promise<number>;
  size(): Promise<DatabaseSize>;
}

/** The life of items: what the settings about it imply, removing what nobody asks for, the maximum size. */
export interface LifeService extends PurgeService {
  effects(draft: CallParsed<'life.effects'>, signal: AbortSignal): Promise<CallOutput<'life.effects'>>;
}
