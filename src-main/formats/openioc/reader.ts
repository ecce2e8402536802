import { quote } from '../bytes/text.ts';
import { Frame } from '../json/frame.ts';
import { NO_KEY } from '../json/keys/key-rules.ts';
import { reportClaims } from '../json/settle.ts';
import { MOST_CLAIMS, ValueReader } from '../json/value-reader.ts';
import type { FormatReader, RecordSink } from '../record-sink.ts';
import { createXmlWalk } from '../xml/walk.ts';
import { type RuledItem, documentOf, ruledWays, valueOf } from './item-rule.ts';
import { type IocDocument, type IocItem, type IocUnit, createUnits } from './units.ts';

export const OPENIOC_COLUMNS = ['name', 'size', 'key', 'title', 'ioc id', 'item id'] as const;

const FILE_NAME = /\/(?:FullPath|FilePath|FileName|Name|path)$/i;
const FILE_SIZE = /\/(?:SizeInBytes|Size)$/i;

/** Reads OpenIOC 1.0 and 1.1: digests that AND joins are one file, all others are files of their own. */
export function openOpenIoc(sink: RecordSink): FormatReader {
  const frame = new Frame();
  let document: IocDocument = { id: '', title: '' };
  let way: readonly RuledItem[] = [];
  let current: IocItem | null = null;
  let records = 0;

  const values = new ValueReader(sink, () => report());
  const items = new Map<string, IocItem>();
  const report = (): void => {
    records += reportClaims(
      frame,
      (claim) => {
        const item = items.get(placeKey(claim.line, claim.column)) ?? current;
        const of = item === null ? '' : documentOf(item);
        return [
          valueOf(way, of, FILE_NAME),
          valueOf(way, of, FILE_SIZE),
          claim.rule.name,
          document.title,
          document.id,
          item?.id ?? '',
        ];
      },
      sink,
    );
    items.clear();
  };
  const readItem = ({ item, rule }: RuledItem): void => {
    current = item;
    if (item.value === null) {
      records += 1;
      sink.reject(item.line, item.column, 'a text is longer than 1 MiB', '');
      return;
    }
    const text = item.value.trim();
    const bytes = Buffer.from(text, 'utf8');
    // The reader of values counts from a quotation mark in front of them.
    const column = Math.max(0, item.column - 1) + item.value.length - item.value.trimStart().length;
    items.set(placeKey(item.line, column + 1), item);
    values.read(frame, rule, bytes, 0, bytes.length, true, { line: item.line, column });
    if (frame.claims.count >= MOST_CLAIMS) {
      report();
    }
  };
  const readUnit = (unit: IocUnit, of: IocDocument): void => {
    document = of;
    const before = records;
    frame.open(true, NO_KEY, null, unit.line, false);
    for (const ruled of ruledWays(unit)) {
      way = ruled;
      ruled.forEach(readItem);
      report();
    }
    if (records === before) {
      records += 1;
      const [first] = unit.items;
      sink.without(
        unit.line,
        'no hash in this item',
        quote(first === undefined ? '' : `${first.search} ${first.value ?? ''}`),
      );
    }
  };
  return createXmlWalk(createUnits(readUnit, (message) => sink.fault(message)));
}

function placeKey(line: number, column: number): string {
  return `${line}:${column}`;
}
