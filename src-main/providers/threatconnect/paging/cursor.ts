import { z } from 'zod';

/**
 * Where a pull stands. Rows move between pages while they are read: the place of a row in the list is no place to go on
 * from. Its id is.
 *
 * - `keys`: everything that matched all the time with an id up to `after` was seen. What is open ends at the last of
 *   `bounds` (null: no end), then at the one before. `order` says whether the server sorts by id: found out after the first
 *   page, since a page may be in order by chance. While it does not, ranges that do not fit a page are halved until they do.
 * - `places`: for servers that take no condition on ids. `target` is the server's own next page, read from `back` places
 *   earlier (null: a tenth of a page): as long as a page begins at or before the last id that was seen, nothing lies between
 *   the two.
 */
export type Cursor = z.infer<typeof cursorSchema>;
export type KeyCursor = Extract<Cursor, { kind: 'keys' }>;
export type PlaceCursor = Extract<Cursor, { kind: 'places' }>;

const id = z.int().min(0);
const cursorSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('keys'),
    after: id,
    bounds: z.array(id.nullable()).min(1),
    order: z.enum(['unknown', 'id', 'none']),
    /** The server's next page after the first one, in case that it takes no condition on ids. */
    next: z.string().nullable(),
  }),
  z.strictObject({
    kind: z.literal('places'),
    after: id,
    target: z.string(),
    back: z.int().min(0).nullable(),
  }),
]);

/** What a page held: ids in the order they came, and whether there is more. */
export interface PageFacts {
  readonly ids: readonly number[];
  readonly hasMore: boolean;
}

/** The beginning of a pull. */
export const START: KeyCursor = { kind: 'keys', after: 0, bounds: [null], order: 'unknown', next: null };

/** As text, which callers hand back unchanged. */
export function cursorText(cursor: Cursor): string {
  return JSON.stringify(cursor);
}

/** The cursor in a text, or null when it is none. */
export function readCursor(text: string): Cursor | null {
  try {
    const parsed = cursorSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    // Not a cursor: the caller says so.
    return null;
  }
}

/** The conditions on ids that ask for what is open; empty at the beginning. */
export function keyClauses({ after, bounds }: KeyCursor): readonly string[] {
  const bound = bounds.at(-1) ?? null;
  return [...(after === 0 ? [] : [`id > ${after}`]), ...(bound === null ? [] : [`id <= ${bound}`])];
}

/** Whether a page keeps to the conditions it was asked with. */
export function isWithin({ after, bounds }: KeyCursor, ids: readonly number[]): boolean {
  const bound = bounds.at(-1) ?? Number.MAX_SAFE_INTEGER;
  return ids.every((one) => one > after && one <= bound);
}

/** Where to go on after a page; null at the end, `stuck` when a page with more behind it holds no id. */
export function advanced(cursor: KeyCursor, { ids, hasMore }: PageFacts): KeyCursor | null | 'stuck' {
  const { bounds } = cursor;
  const bound = bounds.at(-1) ?? null;
  // One id alone cannot have more behind it, whatever a server that repeats rows says.
  if (!hasMore || (bound !== null && bound - cursor.after <= 1)) {
    return bound === null ? null : { ...cursor, after: bound, bounds: bounds.slice(0, -1) };
  }
  const last = ids.at(-1);
  if (last === undefined) {
    return 'stuck';
  }
  if (cursor.order !== 'none' && isAscending(ids)) {
    return { ...cursor, after: last };
  }
  const middle = splitting(cursor, ids);
  return middle === null ? 'stuck' : { ...cursor, order: 'none', bounds: [...bounds, middle] };
}

/** Whether ids never fall. */
export function isAscending(ids: readonly number[]): boolean {
  return ids.every((one, position) => position === 0 || one >= (ids[position - 1] ?? 0));
}

/** An id that leaves about half of those in the page behind it, always below the present end; null when there is none. */
function splitting({ after, bounds }: KeyCursor, ids: readonly number[]): number | null {
  const bound = bounds.at(-1) ?? null;
  const sorted = [...ids].sort((a, b) => a - b);
  const median = sorted[Math.floor((sorted.length - 1) / 2)] ?? after;
  const middle = bound === null ? median : Math.min(median, bound - 1);
  return middle > after ? middle : null;
}
