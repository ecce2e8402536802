import { type RuledItem, ruledWays } from '../openioc/item-rule.ts';
import { type IocUnit, createUnits } from '../openioc/units.ts';
import type { RecordCounter } from '../record-sink.ts';
import { createXmlWalk } from '../xml/walk.ts';
import { MOST_CLAIMS } from '../json/value-reader.ts';
import { type CountedClaim, claimsOf, filesIn } from './json/claims.ts';

/** Counts the records of OpenIOC: files by the sets of texts each unit holds. */
export function createOpenIocCounter(): RecordCounter {
  let records = 0;
  const count = (unit: IocUnit): void => {
    let found = 0;
    for (const way of ruledWays(unit)) {
      found += filesOf(way);
    }
    records += Math.max(1, found);
  };
  const walk = createXmlWalk(createUnits(count, () => undefined));
  return {
    push: (chunk) => walk.push(chunk),
    end() {
      walk.end();
      return records;
    },
  };
}

/** Files that the items of a way name; so many of them as wait for the end of an object are held against each other. */
function filesOf(way: readonly RuledItem[]): number {
  let files = 0;
  let waiting: CountedClaim[] = [];
  const release = (): void => {
    files += filesIn(waiting);
    waiting = [];
  };
  for (const { item, rule } of way) {
    if (item.value === null) {
      files += 1;
      continue;
    }
    for (const claim of claimsOf(rule, Buffer.from(item.value.trim(), 'utf8').toString('latin1'), false)) {
      waiting.push(claim);
      if (claim.isOwn && waiting.length >= MOST_CLAIMS) {
        release();
      }
    }
    if (waiting.length >= MOST_CLAIMS) {
      release();
    }
  }
  release();
  return files;
}
