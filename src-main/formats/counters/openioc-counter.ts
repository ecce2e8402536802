import { ruledWays } from '../openioc/item-rule.ts';
import { type IocUnit, createUnits } from '../openioc/units.ts';
import type { RecordCounter } from '../record-sink.ts';
import { createXmlWalk } from '../xml/walk.ts';
import { claimsOf, filesIn } from './json/claims.ts';

/** Counts the records of OpenIOC: files by the sets of texts each unit holds. */
export function createOpenIocCounter(): RecordCounter {
  let records = 0;
  const count = (unit: IocUnit): void => {
    let found = 0;
    for (const way of ruledWays(unit)) {
      const claims = way.flatMap(({ item: { value }, rule }) =>
        value === null ? [] : claimsOf(rule, Buffer.from(value.trim(), 'utf8').toString('latin1'), false),
      );
      found += filesIn(claims) + way.filter(({ item }) => item.value === null).length;
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
