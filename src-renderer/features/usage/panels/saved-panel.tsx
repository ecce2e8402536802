import { useContext, useRef, type ReactNode } from 'react';
import { sourceLabel, sourceShortLabel } from '#shared/domain/source.ts';
import type { SavedRow } from '#shared/contract/usage.ts';
import { useCall } from '../../../bridge/use-call.ts';
import { number } from '../../../components/words.ts';
import { BoardContext } from '../board/board-context.ts';
import type { BoardPanel } from '../board/layout.ts';
import { isLive } from '../board/ranges.ts';
import { useRefreshed } from '../board/refresh.ts';
import { useNear } from '../board/use-near.ts';
import { PanelFrame } from './panel-frame.tsx';
import { TableItems } from './table-items.tsx';

interface Props {
  readonly panel: BoardPanel;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

const CENTS = 2;

/** What calls that were not needed would have cost, by source. */
export function SavedPanel({ panel, isFirst, isLast }: Props): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const isNear = useNear(place);
  const { stretch, now } = useContext(BoardContext);
  const { from, to } = stretch;
  const { value, error, loading, again, ask } = useCall('usage.saved', isNear ? { from, to } : null);
  useRefreshed(ask, isNear && isLive(stretch, now));
  const calls = value?.rows.reduce((sum, row) => sum + row.calls, 0) ?? 0;
  const price = priceOf(value?.rows ?? []);
  return (
    <PanelFrame
      panel={panel}
      isFirst={isFirst}
      isLast={isLast}
      width="two-of-four"
      headline={
        value === null
          ? undefined
          : { now: number(calls), note: price === null ? 'calls' : money(price, value.currency), hint: '' }
      }
      items={value === null ? null : <TableItems table="quota-saved" />}
      error={error}
      onAgain={again}
      isBusy={loading}
    >
      <div ref={place} className="panelbody">
        {value === null ? null : value.rows.length === 0 ? (
          <p className="panelnone small t2">
            No call was saved in this time. Each question that the hash list, a known set or a kept answer settles is
            counted here.
          </p>
        ) : (
          <Rows rows={value.rows} currency={value.currency} />
        )}
      </div>
    </PanelFrame>
  );
}

function Rows({ rows, currency }: { readonly rows: readonly SavedRow[]; readonly currency: string }): ReactNode {
  const hasPrice = priceOf(rows) !== null;
  return (
    <div className="paneltable" role="region" aria-label="Quota saved, table" tabIndex={0}>
      <table className="sheet">
        <thead>
          <tr>
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
          </tr>
        </thead>
        <tbody>
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
        </tbody>
      </table>
    </div>
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
