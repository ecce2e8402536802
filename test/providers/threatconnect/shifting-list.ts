import { hostRow, parametersOf, type Answer, type Arrived } from './stage.ts';

/** How a server keeps, or does not keep, to what a client asks. */
export interface Habits {
  /** It orders rows as asked; or by something of its own that is nearly the order of ids. */
  readonly sorts: boolean;
  /** Conditions on ids: taken, refused as a query, or ignored. */
  readonly ids: 'taken' | 'refused' | 'ignored';
  /** Sends rows twice. */
  readonly repeats?: boolean;
  /** Where it says that the next page is; itself unless given. */
  readonly nextOrigin?: string;
}

/**
 * A list whose rows come and go. `base` is the query that asks for all of it; other parts of a query are conditions on
 * ids. `own` is the order a server that ignores `sorting` gives.
 */
export class ShiftingList {
  readonly #habits: Habits;
  rows: { readonly id: number; readonly own: number }[];
  constructor(rows: readonly { readonly id: number; readonly own: number }[], habits: Habits) {
    this.rows = [...rows];
    this.#habits = habits;
  }

  answer(request: Arrived, origin: string): Answer {
    const asked = parametersOf(request);
    const tql = asked['tql'] ?? '';
    const conditions = [...tql.matchAll(/ and id (>|<=) (\d+)/g)];
    if (conditions.length > 0 && this.#habits.ids === 'refused') {
      return { status: 400, body: { errCode: '0x2001', message: 'Unable to parse: id', status: 'Error' } };
    }
    const isOpen = (id: number): boolean =>
      this.#habits.ids === 'ignored' ||
      conditions.every(([, operator, bound]) => (operator === '>' ? id > Number(bound) : id <= Number(bound)));
    const direction = asked['sorting'] === 'id desc' ? -1 : 1;
    const matching = this.rows
      .filter(({ id }) => isOpen(id))
      .sort((a, b) => (this.#habits.sorts ? (a.id - b.id) * direction : a.own - b.own || a.id - b.id));
    const start = Number(asked['resultStart'] ?? 0);
    const limit = Number(asked['resultLimit'] ?? 100);
    const data = matching.slice(start, start + limit).map(({ id }) => hostRow(id));
    const url = new URL(request.target, this.#habits.nextOrigin ?? origin);
    url.searchParams.set('resultStart', String(start + limit));
    return {
      body: {
        ...(start + limit < matching.length ? { next: url.href } : {}),
        data: this.#habits.repeats === true ? data.flatMap((row) => [row, row]) : data,
        status: 'Success',
      },
    };
  }
}
