import { useContext, useRef, type ReactNode } from 'react';
import { sourceLabel, sourceShortLabel } from '#shared/domain/source.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import type { SavedRow } from '#shared/contract/usage.ts';
import { useCall } from '../../../bridge/use-call.ts';
import { number } from '../../../components/words.ts';
import { BoardContext } from '../board/board-context.ts';
import { isLive } from '../board/ranges.ts';
import { useRefreshed } from '../board/refresh.ts';
import { useNear } from '../board/use-near.ts';
import type { Headline } from './panel-frame.tsx';
import { PanelSheet } from './panel-sheet.tsx';
import { type PlacedPanel, TablePanel } from './table-panel.tsx';

const CENTS = 2;

/** What calls that were not needed would have cost, by source. */
export function SavedPanel(placed: PlacedPanel): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const isNear = useNear(place);
  const { stretch, now } = useContext(BoardContext);
  const { from, to } = stretch;
  const state = useCall('usage.saved', isNear ? { from, to } : null);
  useRefreshed(state.ask, isNear && isLive(stretch, now));
  return (
    <TablePanel
      placed={placed}
      width="two-of-four"
      table="quota-saved"
      state={state}
      place={place}
      headline={headlineOf}
      none="No call was saved in this time. Each question that the hash list, a known set or a kept answer settles is counted here."
    >
      {({ rows, currency }) => <Rows rows={rows} currency={currency} />}
    </TablePanel>
  );
}

function headlineOf({ rows, currency }: CallOutput<'usage.saved'>): Headline {
  const calls = rows.reduce((sum, row) => sum + row.calls, 0);
  const price = priceOf(rows);
  return { now: number(calls), note: price === null ? 'calls' : money(price, currency), hint: '' };
}

function Rows({ rows, currency }: { readonly rows: readonly SavedRow[]; readonly currency: string }): ReactNode {
  const hasPrice = priceOf(rows) !== null;
  return (
    <PanelSheet
      label="Quota saved, table"
      head={
        <>
          <th scope="col">Source</th>
          <th scope="col" className="num">
            Pairs
          </th>
          <th scope="col" className="num">
            Calls
          </th>
          <th scope="col" className="num">
            Quota days
          </th>
          {hasPrice ? (
            <th scope="col" className="num">
              {currency === '' ? 'Price' : currency}
            </th>
          ) : null}
        </>
      }
    >
      {rows.map((row) => (
        <tr key={row.source}>
          <th scope="row" title={sourceLabel(row.source)}>
            {sourceShortLabel(row.source)}
          </th>
          <td className="num">{number(row.pairs)}</td>
          <td className="num">{number(row.calls)}</td>
          <td className="num">{row.days === null ? '–' : amount(row.days, 1)}</td>
          {hasPrice ? <td className="num">{row.price === null ? '–' : amount(row.price, CENTS)}</td> : null}
        </tr>
      ))}
    </PanelSheet>
  );
}

/** Of all sources with a price together; null where none has one. */
function priceOf(rows: readonly SavedRow[]): number | null {
  const prices = rows.flatMap(({ price }) => (price === null ? [] : [price]));
  return prices.length === 0 ? null : prices.reduce((sum, price) => sum + price, 0);
}

function money(value: number, currency: string): string {
  return currency === '' ? `worth ${amount(value, CENTS)}` : `${amount(value, CENTS)} ${currency}`;
}

/** With so many digits behind the point. */
function amount(value: number, digits: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
