import { useState, type ReactNode } from 'react';
import { SOURCES, type SourceId } from '#shared/domain/source.ts';
import { LONGEST_CURRENCY, PRICE } from '#shared/settings/plain.ts';
import type { Settings } from '#shared/settings/schema.ts';

interface Props {
  readonly prices: Settings['callPrices'];
  readonly currency: string;
  readonly onPrices: (prices: Settings['callPrices']) => void;
  readonly onCurrency: (currency: string) => void;
}

/** What a call of each source costs, for the quota that was saved; empty is no price. */
export function PriceFields({ prices, currency, onPrices, onCurrency }: Props): ReactNode {
  // Kept here: a second field may be left before the first one's change came back.
  const [present, setPresent] = useState(prices);
  const [name, setName] = useState(currency);
  const setPrice = (source: SourceId, price: number | null): void => {
    const changed = { ...present, [source]: price };
    setPresent(changed);
    onPrices(changed);
  };
  return (
    <fieldset className="choice">
      <legend className="small t2">Price of a call, as the source counts calls, for what was saved</legend>
      <div className="form">
        {SOURCES.map(({ id, label }) => (
          <PriceField key={id} id={id} label={label} value={present[id]} onValue={(price) => setPrice(id, price)} />
        ))}
        <label htmlFor="currency">Currency</label>
        <span className="row">
          <input
            id="currency"
            className="field short"
            maxLength={LONGEST_CURRENCY}
            value={name}
            onChange={(event) => setName(event.target.value)}
            onBlur={() => name.trim() !== currency && onCurrency(name.trim())}
          />
          <span className="hint">Shown behind prices, as it is</span>
        </span>
      </div>
    </fieldset>
  );
}

function PriceField(props: {
  readonly id: SourceId;
  readonly label: string;
  readonly value: number | null;
  readonly onValue: (price: number | null) => void;
}): ReactNode {
  const { value } = props;
  const id = `price-${props.id}`;
  const [text, setText] = useState(value === null ? '' : String(value));
  const price = priceOf(text);
  const isValid = price !== undefined;
  return (
    <>
      <label htmlFor={id}>{props.label}</label>
      <span className="row">
        <input
          id={id}
          className={isValid ? 'field short num' : 'field short num invalid'}
          inputMode="decimal"
          placeholder="none"
          value={text}
          aria-invalid={!isValid}
          onChange={(event) => setText(event.target.value)}
          onBlur={() => price !== undefined && price !== value && props.onValue(price)}
        />
        {isValid ? null : <span className="hint">A number from 0 to 1,000,000, such as 0.02.</span>}
      </span>
    </>
  );
}

/** Null for no price; undefined for what is none. */
function priceOf(text: string): number | null | undefined {
  const typed = text.trim();
  if (typed === '') {
    return null;
  }
  const price = /^\d+(?:\.\d+)?$/.test(typed) ? Number(typed) : Number.NaN;
  return price >= PRICE.least && price <= PRICE.most ? price : undefined;
}
