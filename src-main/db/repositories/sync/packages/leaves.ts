import type { IndicatorType } from '#shared/domain/indicator.ts';
import type { ReadableDb, WritableDb } from '../../../handles.ts';
import { prepared } from '../../../prepared.ts';
import { BUCKET_BITS, bucketBits } from './bucket.ts';
import { existing } from '../jobs.ts';
import { DIRTY, packageName, packageRootId } from './package-identity.ts';

/** The leaves of a job's trees, by which the package of an indicator is found. */
export interface Leaves {
  /** The prefix of the leaf that holds a bucket; null when there is none. */
  find(type: IndicatorType, bucket: number): string | null;
  /** The shortest prefix for a bucket that no leaf lies below: where a leaf is to be made when there is none. */
  free(type: IndicatorType, bucket: number): string;
  add(type: IndicatorType, prefix: string): void;
}

/** Reads the leaves of a job. */
export function readLeaves(db: ReadableDb, jobId: number): Leaves {
  const leaves = new Map<IndicatorType, Set<string>>();
  const of = (type: IndicatorType): Set<string> => {
    const own = leaves.get(type) ?? new Set<string>();
    leaves.set(type, own);
    return own;
  };
  const rows = prepared<{ type: IndicatorType; prefix: string }>(
    db,
    'SELECT type, prefix FROM sync_packages WHERE job_id = +? AND retiring = 0',
  );
  for (const { type, prefix } of rows.all(jobId)) {
    of(type).add(prefix);
  }
  return {
    find(type, bucket) {
      const own = of(type);
      const bits = bucketBits(bucket);
      for (let length = 0; length <= BUCKET_BITS; length += 1) {
        if (own.has(bits.slice(0, length))) {
          return bits.slice(0, length);
        }
      }
      return null;
    },
    free(type, bucket) {
      const bits = bucketBits(bucket);
      const prefixes = [...of(type)];
      let length = 0;
      while (prefixes.some((prefix) => prefix.startsWith(bits.slice(0, length)))) {
        length += 1;
      }
      return bits.slice(0, length);
    },
    add(type, prefix) {
      of(type).add(prefix);
    },
  };
}

/** Makes leaves, and marks the packages of buckets, in the transaction of what changed them. */
export interface Touch {
  /** Marks the leaf that holds a bucket as dirty, and makes it where there is none. */
  touch(type: IndicatorType, bucket: number): void;
  /** Writes what was marked; before each transaction ends. */
  save(): void;
}

/** Reads the leaves once: nobody else may change the tree before the last `save` of a transaction. */
export function startTouching(db: WritableDb, jobId: number): Touch {
  const leaves = readLeaves(db, jobId);
  const marked = new Map<string, readonly [IndicatorType, string]>();
  const mark = prepared(db, `UPDATE sync_packages SET ${DIRTY} WHERE job_id = +? AND type = +? AND prefix = +?`);
  return {
    touch(type, bucket) {
      let prefix = leaves.find(type, bucket);
      if (prefix === null) {
        prefix = leaves.free(type, bucket);
        makeLeaf(db, jobId, type, prefix);
        leaves.add(type, prefix);
      }
      marked.set(`${type} ${prefix}`, [type, prefix]);
    },
    save() {
      for (const [type, prefix] of marked.values()) {
        mark.run(jobId, type, prefix);
      }
      marked.clear();
    },
  };
}

/** Makes a leaf that is to be written. A package of this prefix that was retiring becomes one again. */
export function makeLeaf(db: WritableDb, jobId: number, type: IndicatorType, prefix: string): void {
  const { uuid, name } = existing(db, jobId);
  prepared(
    db,
    `INSERT INTO sync_packages (job_id, type, prefix, root_id, name) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET ${DIRTY}, retiring = 0`,
  ).run(jobId, type, prefix, packageRootId(uuid, type, prefix), packageName(name, type, prefix));
}
