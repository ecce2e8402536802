import type { IndicatorType } from '#shared/domain/indicator.ts';
import { bucketBits, bucketOf } from '../../../db/repositories/sync/packages/bucket.ts';
import type { IndicatorPair, PlannedIndicator } from '../../../db/repositories/sync/types.ts';
import type { RunContext } from '../run-context.ts';

/** Buckets in which something moves, by type, as bits. */
export interface PackageMoves {
  note(planned: PlannedIndicator, pair: IndicatorPair): void;
  readonly added: ReadonlyMap<IndicatorType, readonly string[]>;
  readonly touched: ReadonlyMap<IndicatorType, readonly string[]>;
}

export function createPackageMoves(): PackageMoves {
  const added = new Map<IndicatorType, string[]>();
  const touched = new Map<IndicatorType, string[]>();
  const put = (to: Map<IndicatorType, string[]>, type: IndicatorType, bits: string): void => {
    const list = to.get(type);
    if (list === undefined) {
      to.set(type, [bits]);
    } else {
      list.push(bits);
    }
  };
  return {
    added,
    touched,
    note({ id, action }, { pulled, known }) {
      const type = pulled?.type ?? known?.type;
      if (type !== undefined && (action === 'new' || action === 'changed' || action === 'withdrawn')) {
        const bits = bucketBits(bucketOf(id));
        put(touched, type, bits);
        if (action === 'new') {
          put(added, type, bits);
        }
      }
    },
  };
}

/** How many packages would be written: leaves that are touched, and the halves of those that would grow too large. */
export async function countPackages({ parts, job }: RunContext, moves: PackageMoves): Promise<number> {
  const packages = await parts.database.read('syncPackages', { jobId: job.id });
  const leaves = packages.filter(({ retiring }) => !retiring);
  let count = 0;
  for (const [type, touched] of moves.touched) {
    if (type === 'File' && job.config.filesTo === 'hash-list') {
      continue;
    }
    const own = leaves.filter((leaf) => leaf.type === type);
    const added = moves.added.get(type) ?? [];
    for (const leaf of own.length === 0 ? [{ prefix: '', members: 0 }] : own) {
      if (touched.some((bits) => bits.startsWith(leaf.prefix))) {
        const grown = added.filter((bits) => bits.startsWith(leaf.prefix));
        count += leavesNeeded(grown, leaf.members, leaf.prefix.length, job.config.packageSize);
      }
    }
  }
  return count;
}

/** What is there already is taken as evenly spread, as buckets are. */
function leavesNeeded(added: readonly string[], present: number, depth: number, size: number): number {
  if (added.length + present <= size || depth >= 32) {
    return 1;
  }
  const left = added.filter((bits) => bits[depth] === '0');
  const right = added.filter((bits) => bits[depth] === '1');
  return (
    leavesNeeded(left, Math.floor(present / 2), depth + 1, size) +
    leavesNeeded(right, Math.ceil(present / 2), depth + 1, size)
  );
}
