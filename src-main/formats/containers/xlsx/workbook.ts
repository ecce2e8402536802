import { MemberFault } from '../port.ts';
import type { OfficePackage } from './package.ts';
import { isDateFormat } from './dates.ts';
import { attribute, XmlFeed, type XmlHandler } from './xml-feed.ts';

/** A sheet as the workbook lists it. */
export interface SheetPlace {
  /** As its tab says; it may hold anything. */
  readonly name: string;
  /** Name of its part; null when the workbook does not say. */
  readonly part: string | null;
}

/** What a workbook says about its sheets. */
export interface Workbook {
  /** In the order of their tabs, hidden ones too; sheets of charts and dialogues, which have no cells, are left out. */
  readonly sheets: readonly SheetPlace[];
  readonly isFrom1904: boolean;
  /** For each style of cells: it shows dates or times of day. */
  readonly showsDate: readonly boolean[];
  readonly sharedStrings: string | null;
}

interface Relation {
  readonly kind: string;
  readonly part: string;
}

const DEFAULT_PART = 'xl/workbook.xml';
/** Excel itself stops at what memory holds; each sheet costs a part. */
const MOST_SHEETS = 10_000;
const MOST_STYLES = 100_000;

/** Reads what is needed to read sheets. Throws a `MemberFault` when it is no workbook or one of another kind. */
export async function readWorkbook(office: OfficePackage): Promise<Workbook> {
  const root = await relationsOf(office, '');
  const main = [...root.values()].find(({ kind }) => kind === 'officeDocument')?.part ?? DEFAULT_PART;
  if (/\.bin$/i.test(main)) {
    throw new MemberFault(
      'damaged',
      'it is an Excel binary workbook (.xlsb), which is not read: save it as .xlsx or CSV and drop that',
    );
  }
  const relations = await relationsOf(office, main);
  const book = await readBook(office, main);
  const byKind = (kind: string): string | null =>
    [...relations.values()].find((relation) => relation.kind === kind && office.has(relation.part))?.part ?? null;
  const styles = byKind('styles');
  return {
    sheets: book.sheets.flatMap(({ name, relation }) => {
      const found = relations.get(relation);
      const hasCells = found === undefined || /worksheet$|macrosheet$/i.test(found.kind);
      return hasCells ? [{ name, part: found?.part ?? null }] : [];
    }),
    isFrom1904: book.isFrom1904,
    showsDate: styles === null ? [] : await readStyles(office, styles),
    sharedStrings: byKind('sharedStrings'),
  };
}

interface Book {
  readonly sheets: { readonly name: string; readonly relation: string }[];
  isFrom1904: boolean;
}

async function readBook(office: OfficePackage, part: string): Promise<Book> {
  const book: Book = { sheets: [], isFrom1904: false };
  await readPart(office, part, (name, attributes) => {
    if (name === 'sheet') {
      if (book.sheets.length >= MOST_SHEETS) {
        throw new MemberFault('limit', `it holds more than ${MOST_SHEETS} sheets`);
      }
      const title = attributes['name'] ?? `Sheet ${book.sheets.length + 1}`;
      book.sheets.push({ name: title, relation: attribute(attributes, 'id') ?? '' });
    } else if (name === 'workbookPr') {
      book.isFrom1904 = ['1', 'true', 'on'].includes(attributes['date1904'] ?? '');
    }
  });
  return book;
}

/** The relations of a part by their ids; '' stands for the whole file. */
async function relationsOf(office: OfficePackage, part: string): Promise<ReadonlyMap<string, Relation>> {
  const slash = part.lastIndexOf('/');
  const folder = part.slice(0, slash + 1);
  const place = `${folder}_rels/${part.slice(slash + 1)}.rels`;
  const relations = new Map<string, Relation>();
  if (!office.has(place)) {
    return relations;
  }
  await readPart(office, place, (name, attributes) => {
    const { Id: id = '', Type: type = '', Target: target = '', TargetMode: mode } = attributes;
    if (name === 'Relationship' && mode !== 'External' && relations.size < MOST_STYLES) {
      relations.set(id, { kind: type.slice(type.lastIndexOf('/') + 1), part: resolve(folder, target) });
    }
  });
  return relations;
}

function resolve(folder: string, target: string): string {
  const plain = target.replaceAll('\\', '/');
  const parts: string[] = [];
  for (const step of (plain.startsWith('/') ? plain : folder + plain).split('/')) {
    if (step === '..') {
      parts.pop();
    } else if (step !== '' && step !== '.') {
      parts.push(step);
    }
  }
  return parts.join('/');
}

async function readStyles(office: OfficePackage, part: string): Promise<readonly boolean[]> {
  const codes = new Map<number, string>();
  const styles: number[] = [];
  let isCellStyles = false;
  const handler: XmlHandler = {
    open(name, attributes) {
      if (name === 'numFmt' && codes.size < MOST_STYLES) {
        codes.set(Number(attributes['numFmtId']), attributes['formatCode'] ?? '');
      } else if (name === 'cellXfs') {
        isCellStyles = true;
      } else if (name === 'xf' && isCellStyles && styles.length < MOST_STYLES) {
        styles.push(Number(attributes['numFmtId'] ?? 0));
      }
    },
    close(name) {
      if (name === 'cellXfs') {
        isCellStyles = false;
      }
    },
    text: () => undefined,
  };
  await feedPart(office, part, handler);
  return styles.map((id) => isDateFormat(id, codes.get(id)));
}

async function readPart(office: OfficePackage, part: string, open: XmlHandler['open']): Promise<void> {
  await feedPart(office, part, { open, close: () => undefined, text: () => undefined });
}

async function feedPart(office: OfficePackage, part: string, handler: XmlHandler): Promise<void> {
  const feed = new XmlFeed(handler);
  for await (const chunk of office.part(part)) {
    feed.write(chunk);
  }
  feed.end();
}
