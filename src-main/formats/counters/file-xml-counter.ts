import { dialectOf } from '../file-xml/dialects.ts';
import type { RecordCounter } from '../record-sink.ts';
import { createXmlWalk } from '../xml/walk.ts';

/** Counts the files of XML by the elements that open one, whatever is in them and whether or not they end. */
export function createFileXmlCounter(): RecordCounter {
  let names: ReadonlySet<string> | null = null;
  let records = 0;
  const walk = createXmlWalk({
    open(name) {
      names ??= dialectOf(name)?.files ?? new Set();
      records += names.has(name) ? 1 : 0;
    },
    close: () => undefined,
    stop: () => undefined,
  });
  return {
    push: (chunk) => walk.push(chunk),
    end() {
      walk.end();
      return records;
    },
  };
}
