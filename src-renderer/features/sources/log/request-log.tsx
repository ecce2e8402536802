import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { RequestView } from '#shared/contract/outbound.ts';
import type { SourceView } from '#shared/contract/sources.ts';
import { DIGEST_LABEL } from '#shared/domain/hash.ts';
import { sourceLabel, sourceShortLabel, type SourceId } from '#shared/domain/source.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { useAsking } from '../../../app/asking.ts';
import { useCall } from '../../../bridge/use-call.ts';
import { counted, duration, instant, number } from '../../../components/words.ts';
import { OUTCOME_WORDS } from './outcome-words.ts';
import { RequestDialog } from './request-dialog.tsx';

const PAGE = 100;

interface Props {
  readonly sources: readonly SourceView[];
  readonly zone: Preferences['times'];
}

/** The record of requests, newest first, each with the hashes it asked about. */
export function RequestLog({ sources, zone }: Props): ReactNode {
  const [source, setSource] = useState<SourceId | null>(null);
  const [offset, setOffset] = useState(0);
  const [open, setOpen] = useState<RequestView | null>(null);
  const { value, error, again } = useCall('outbound.requests', {
    offset,
    limit: PAGE,
    ...(source === null ? {} : { source }),
  });
  useWithAsking(again);
  const total = value?.total ?? 0;
  return (
    <>
      <div className="subhead">
        <h2>Requests</h2>
        <span className="small t2">{value === null ? '' : counted(total, 'request')}</span>
        <label className="end row small">
          <span className="visually-hidden">Source</span>
          <select
            className="field compact"
            value={source ?? ''}
            onChange={(event) => {
              setOffset(0);
              setSource(sources.find((one) => one.source === event.target.value)?.source ?? null);
            }}
          >
            <option value="">All sources</option>
            {sources.map((one) => (
              <option key={one.source} value={one.source}>
                {one.label}
              </option>
            ))}
          </select>
        </label>
      </div>
      <div className="belowscroll" tabIndex={0} role="region" aria-label="Requests">
        {error !== null ? (
          <div className="starting" role="alert">
            <h2>The record could not be read</h2>
            <p className="t2">{error}</p>
            <button type="button" className="button" onClick={again}>
              Try again
            </button>
          </div>
        ) : value !== null && total === 0 ? (
          <div className="starting">
            <h2>Nothing left this machine</h2>
            <p className="t2">
              Every request is put down here before it is sent: when, to whom, which hashes, and what came of it.
            </p>
          </div>
        ) : (
          <RequestTable rows={value?.rows ?? []} zone={zone} onOpen={setOpen} />
        )}
      </div>
      <p className="belowfoot small t3">
        <span>Kept as long as Settings say, and the running month always.</span>
        <span className="end row">
          {total > 0 ? (
            <span>
              {number(offset + 1)} to {number(Math.min(total, offset + PAGE))}
            </span>
          ) : null}
          <button type="button" className="linkbutton" disabled={offset === 0} onClick={() => setOffset(offset - PAGE)}>
            Newer
          </button>
          <button
            type="button"
            className="linkbutton"
            disabled={offset + PAGE >= total}
            onClick={() => setOffset(offset + PAGE)}
          >
            Older
          </button>
        </span>
      </p>
      {open === null ? null : <RequestDialog request={open} zone={zone} onClose={() => setOpen(null)} />}
    </>
  );
}

/** Asks again whenever sources and queue were asked for again, which is often enough and never too often. */
function useWithAsking(again: () => void): void {
  const turn = useAsking((state) => state.turn);
  const seen = useRef(turn);
  useEffect(() => {
    if (seen.current !== turn) {
      seen.current = turn;
      again();
    }
  }, [turn, again]);
}

function RequestTable(props: {
  readonly rows: readonly RequestView[];
  readonly zone: Preferences['times'];
  readonly onOpen: (request: RequestView) => void;
}): ReactNode {
  return (
    <table className="sheet fixed queue">
      <colgroup>
        {[148, 124, 96, 68, 60, 0, 52, 56, 56].map((width, index) => (
          <col key={index} style={width === 0 ? {} : { width }} />
        ))}
      </colgroup>
      <thead>
        <tr>
          <th scope="col">Sent{props.zone === 'utc' ? ', UTC' : ''}</th>
          <th scope="col">Source</th>
          <th scope="col">Purpose</th>
          <th scope="col">Kind</th>
          <th scope="col" className="num">
            Hashes
          </th>
          <th scope="col">Came to</th>
          <th scope="col" className="num">
            HTTP
          </th>
          <th scope="col" className="num">
            Took
          </th>
          <th scope="col" className="num">
            Billed
          </th>
        </tr>
      </thead>
      <tbody>
        {props.rows.map((request) => (
          <tr key={request.id}>
            <td>
              <button
                type="button"
                className="linkbutton"
                data-row-link={request.id}
                aria-label={`Request ${request.id}: show its hashes`}
                onClick={() => props.onOpen(request)}
              >
                {instant(request.at, props.zone)}
              </button>
            </td>
            <td className="medium" title={sourceLabel(request.source)}>
              {sourceShortLabel(request.source)}
            </td>
            <td className="t2">{purposeOf(request)}</td>
            <td className="t2">{request.hashes === 0 ? '–' : DIGEST_LABEL[request.kind]}</td>
            <td className="num">{number(request.hashes)}</td>
            <td title={request.message}>
              {request.outcome === null ? 'on its way' : OUTCOME_WORDS[request.outcome]}
              {request.message === '' ? null : <span className="t3">, {request.message}</span>}
            </td>
            <td className="num">{request.httpStatus ?? '–'}</td>
            <td className="num">{request.elapsedMs === null ? '–' : duration(request.elapsedMs)}</td>
            <td className="num">{number(request.billed)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function purposeOf({ purpose, hashes, single }: RequestView): string {
  if (hashes === 0) {
    return 'test';
  }
  return single ? `${purpose}, single` : purpose;
}
