import type { KeyIndex } from '../../../../intakes/keys/key-index.ts';
import { queriesOf, Stopped } from '../join.ts';
import type { Shares } from './shares.ts';

/** Looks up the wanted keys of one share and writes down what was found. Throws Stopped when cancelled, or what the index throws. */
export function joinShare(
  index: KeyIndex,
  shares: Shares,
  share: number,
  digests: Uint8Array,
  cancelled: () => boolean,
): void {
  const [from, below] = shares.range(share);
  const { width } = index;
  const { records } = shares;
  index.join(
    queriesOf(digests.subarray(from * width, below * width), width),
    (query, record) => {
      records[from + query] = record + 1;
    },
    cancelled,
    () => new Stopped(),
  );
}
