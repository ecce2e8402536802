import { useState, type ReactNode } from 'react';
import type { ListEntry } from '#shared/contract/hash-list.ts';
import { DIGEST_LABEL } from '#shared/domain/hash.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { sayFault } from '../../app/store.ts';
import { call } from '../../bridge/client.ts';
import { useCall } from '../../bridge/use-call.ts';
import { Choice } from '../../components/choice.tsx';
import { HashText } from '../../components/hash-text.tsx';
import { Pane } from '../../components/pane.tsx';
import { time } from '../../components/words.ts';
import { dayOfSeconds, secondsOfDay } from './days.ts';
import { tell } from './list-actions.ts';

interface Props {
  readonly entry: ListEntry;
  readonly zone: Preferences['times'];
  readonly takesFocus: boolean;
  readonly onClose: () => void;
}

/** One entry: its digests, what can be changed, and who changed it before. */
export function EntryPane({ entry, zone, takesFocus, onClose }: Props): ReactNode {
  const [side, setSide] = useState(entry.side);
  const [note, setNote] = useState(entry.note);
  const [reason, setReason] = useState(entry.reason);
  const [expires, setExpires] = useState(dayOfSeconds(entry.expiresAt));
  const history = useCall('hashList.audit', { id: entry.id, offset: 0, limit: 50 }, ['hash-list']);
  const save = (): void => {
    const expiresAt = expires === dayOfSeconds(entry.expiresAt) ? entry.expiresAt : secondsOfDay(expires);
    call('hashList.update', { id: entry.id, side, note, reason, expiresAt }).then((change) => {
      if (tell(change, 'changed')) {
        onClose();
      }
    }, sayFault);
  };
  return (
    <Pane label="Entry" takesFocus={takesFocus} onClose={onClose}>
      <form
        className="body"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <section>
          <dl className="kv">
            {(['sha256', 'sha1', 'md5'] as const).map((kind) => {
              const hash = entry.digests[kind];
              return hash === undefined ? null : (
                <div key={kind} className="kvrow">
                  <dt>{DIGEST_LABEL[kind]}</dt>
                  <dd className="span2">
                    <HashText hash={hash} />
                  </dd>
                </div>
              );
            })}
          </dl>
        </section>
        <section className="stack">
          <Choice
            legend="Side"
            value={side}
            onValue={setSide}
            options={[
              { value: 'malicious', label: 'Known malicious' },
              { value: 'non-malicious', label: 'Known non-malicious' },
            ]}
          />
          <label className="stack small">
            <span className="t2">Note</span>
            <input
              data-first
              className="field"
              value={note}
              maxLength={2000}
              onChange={(event) => setNote(event.target.value)}
            />
          </label>
          <label className="stack small">
            <span className="t2">Reason</span>
            <input
              className="field"
              value={reason}
              maxLength={2000}
              onChange={(event) => setReason(event.target.value)}
            />
          </label>
          <label className="stack small">
            <span className="t2">Expires</span>
            <input className="field" type="date" value={expires} onChange={(event) => setExpires(event.target.value)} />
          </label>
          <div className="row">
            <button type="submit" className="button primary">
              Save
            </button>
            <button type="button" className="button" onClick={onClose}>
              Close
            </button>
          </div>
        </section>
        <section>
          <div className="sectionhead">
            <h2>Changes</h2>
          </div>
          <ul className="places small">
            {(history.value?.rows ?? []).map((row) => (
              <li key={row.changeId}>
                {row.summary}
                <span className="t2">
                  {' '}
                  · {row.by}, {time(row.at, zone)}
                </span>
              </li>
            ))}
          </ul>
        </section>
      </form>
    </Pane>
  );
}
