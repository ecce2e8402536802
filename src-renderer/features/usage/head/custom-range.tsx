import { useContext, useEffect, useId, useRef, useState, type FormEvent, type ReactNode } from 'react';
import { usePreferences } from '../../../app/store.ts';
import { FieldNotes } from '../../../components/unit-field.tsx';
import { BoardContext } from '../board/board-context.ts';
import { fieldOf, rangeFault, timeOf } from '../board/ranges.ts';
import { chooseRange, useBoardState } from '../board/store.ts';

/** Two moments, from the first one to before the second; faults are said where they are, once Show was pressed. */
export function CustomRange(): ReactNode {
  const zone = usePreferences()?.times ?? 'local';
  const { stretch, now } = useContext(BoardContext);
  const [from, setFrom] = useState(() => fieldOf(stretch.from, zone));
  const [to, setTo] = useState(() => fieldOf(Math.min(stretch.to, now), zone));
  const [isTried, setTried] = useState(false);
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector('input')?.focus(), []);
  const wrong = rangeFault(timeOf(from, zone), timeOf(to, zone), now);
  const faultAt = (place: 'from' | 'to'): string | undefined =>
    isTried && wrong?.at === place ? wrong.fault : undefined;
  const close = (): void => {
    useBoardState.setState({ isCustomOpen: false });
    // What opened it has the keyboard again.
    document.querySelector<HTMLElement>('[data-range=custom]')?.focus();
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    const start = timeOf(from, zone);
    const end = timeOf(to, zone);
    if (wrong === null && start !== null && end !== null) {
      chooseRange({ range: 'custom', from: start, to: end });
      close();
    } else {
      setTried(true);
      form.current?.querySelectorAll('input')[wrong?.at === 'to' ? 1 : 0]?.focus();
    }
  };
  return (
    <form
      ref={form}
      className="tools customrange"
      aria-label="Custom range"
      onSubmit={onSubmit}
      // The platform would say in its own words, and in one place only, what is said here.
      noValidate
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          close();
        }
      }}
    >
      <Moment id={`${id}-from`} label="From" value={from} fault={faultAt('from')} onValue={setFrom} />
      <Moment id={`${id}-to`} label="to before" value={to} fault={faultAt('to')} onValue={setTo} />
      <span className="small t2">{zone === 'utc' ? 'UTC' : 'local time'}</span>
      <button type="submit" className="button primary">
        Show
      </button>
      <button type="button" className="button" onClick={close}>
        Close
      </button>
      <FieldNotes
        faults={[
          [`${id}-from`, faultAt('from')],
          [`${id}-to`, faultAt('to')],
        ]}
      />
    </form>
  );
}

function Moment(props: {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly fault: string | undefined;
  readonly onValue: (value: string) => void;
}): ReactNode {
  const { id, fault } = props;
  return (
    <>
      <label className="small t2" htmlFor={id}>
        {props.label}
      </label>
      <span className={fault === undefined ? 'field' : 'field invalid'}>
        <input
          id={id}
          type="datetime-local"
          value={props.value}
          aria-invalid={fault !== undefined}
          aria-describedby={fault === undefined ? undefined : `${id}-note`}
          onChange={(event) => props.onValue(event.target.value)}
        />
      </span>
    </>
  );
}
