import type { ReactNode } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { readText } from '../../app/store.ts';
import { lookUp, useLookUp } from '../../app/look-up.ts';
import { KeyCap } from '../../app/keys/key-cap.tsx';

/** SHA-256 of the EICAR test file: harmless, and known to every source. */
const EICAR = '275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f';

/** Before anything was looked up: what the view is for, with a hash to try. */
export function NothingAsked(): ReactNode {
  return (
    <div className="middle">
      <h2>What is known about a hash</h2>
      <p>
        Type or paste an MD5, SHA-1 or SHA-256, or any text that holds some: a log line, an address, a mail. The answer
        comes from this machine and is there at once. Nothing is sent until you ask a source, and its price stands
        beside it.
      </p>
      <p className="small t2">
        <KeyCap keys="/" /> goes to the field above, <KeyCap keys="Ctrl K" /> to the one at the top of every view. Up to
        100 hashes are shown here; longer lists are read as intakes.
      </p>
      <button type="button" className="button" onClick={() => lookUp(EICAR)}>
        Look up the EICAR test file
      </button>
    </div>
  );
}

/** A text without a hash: what in it looked like one, and why it is none. */
export function NoHash({ found }: { readonly found: CallOutput<'lookup.find'> }): ReactNode {
  const text = useLookUp((state) => state.text);
  return (
    <div className="middle" role="status">
      <h2>No hash in this text</h2>
      <p>An MD5 has 32 hex digits, a SHA-1 has 40, a SHA-256 has 64. A part of a longer run of digits is no hash.</p>
      {found.rejected.length === 0 ? null : (
        <ul className="rejected small" aria-label="What is no hash">
          {found.rejected.map((one) => (
            <li key={one.text}>
              <span className="mono cut" title={one.text}>
                {one.text}
              </span>
              <span className="t2">{one.reason}</span>
            </li>
          ))}
        </ul>
      )}
      {text.includes('\n') ? (
        <button type="button" className="button" onClick={() => void readText(text)}>
          Read it as a list all the same
        </button>
      ) : null}
    </div>
  );
}
