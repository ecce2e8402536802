import type { CallOutput, CallParsed } from '#shared/contract/index.ts';

/** What a purge removed. */
export interface Purged {
  readonly items: number;
  readonly files: number;
  readonly reports: number;
}

/** The life of items: what the settings about it imply, removing what nobody asks for, the maximum size. */
export interface LifeService {
  effects(draft: CallParsed<'life.effects'>, signal: AbortSignal): Promise<CallOutput<'life.effects'>>;
  preview(signal: AbortSignal): Promise<CallOutput<'life.purgePreview'>>;
  /** Removes exactly what `preview` names at that moment; cancelled, what is removed stays removed. */
  purge(onProgress: (done: number, total: number) => void, signal: AbortSignal): Promise<Purged>;
  /**
   * How many of `count` new items may be made. At the maximum size kept reports go first, then the unknown items that
   * were least recently asked for; nothing malicious, hash-listed or in a kept intake goes.
   */
  room(count: number, signal: AbortSignal): Promise<number>;
}
