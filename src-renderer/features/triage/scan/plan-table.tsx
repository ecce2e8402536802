import type { ReactNode } from 'react';
import type { FlightPlan, SourcePlan } from '#shared/contract/scan.ts';
import { sourceLabel, type SourceId } from '#shared/domain/source.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { clock, number } from '../../../components/words.ts';
import { Meter } from '../../../components/meter.tsx';
import { billedBy, tightest } from './plan-words.ts';

interface Props {
  readonly plan: FlightPlan;
  /** Every source that could be asked; those left out stay in sight. */
  readonly sources: readonly SourceId[];
  readonly leftOut: readonly SourceId[];
  readonly onLeftOut: (leftOut: readonly SourceId[]) => void;
  /** Milliseconds. */
  readonly now: number;
  readonly zone: Preferences['times'];
}

/** What each source would be asked, and what that takes of its quota: solid what is spent, hatched this scan. */
export function PlanTable(props: Props): ReactNode {
  const { plan, sources, leftOut, zone } = props;
  const toggle = (source: SourceId): void =>
    props.onLeftOut(leftOut.includes(source) ? leftOut.filter((one) => one !== source) : [...leftOut, source]);
  return (
    <table className="sheet fixed">
      <colgroup>
        {[218, 60, 72, 104, 100, 0, 48, 92].map((width, index) => (
          <col key={index} style={width === 0 ? {} : { width }} />
        ))}
      </colgroup>
      <thead>
        <tr>
          <th scope="col">Source</th>
          <th scope="col" className="num">
            Hashes
          </th>
          <th scope="col" className="num">
            Requests
          </th>
          <th scope="col">Billed by</th>
          <th scope="col">Quota, with this</th>
          <th scope="col" className="num">
            Left after
          </th>
          <th scope="col">Of this</th>
          <th scope="col" className="num">
            Ends{zone === 'utc' ? ', UTC' : ''}
          </th>
        </tr>
      </thead>
      <tbody>
        {sources.map((source) => (
          <tr key={source}>
            <td>
              <label className="row">
                <input
                  type="checkbox"
                  className="tick"
                  checked={!leftOut.includes(source)}
                  onChange={() => toggle(source)}
                />
                <span className="medium cut">{sourceLabel(source)}</span>
              </label>
            </td>
            <Cells
              plan={plan.sources.find((one) => one.source === source) ?? null}
              isLeftOut={leftOut.includes(source)}
              now={props.now}
              zone={zone}
            />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cells(props: {
  readonly plan: SourcePlan | null;
  readonly isLeftOut: boolean;
  readonly now: number;
  readonly zone: Preferences['times'];
}): ReactNode {
  const { plan, isLeftOut, now, zone } = props;
  if (plan === null || isLeftOut) {
    return (
      <td colSpan={7} className="t3">
        not asked
      </td>
    );
  }
  const quota = tightest(plan);
  return (
    <>
      <td className="num">{number(plan.ask)}</td>
      <td className="num">{number(plan.requests)}</td>
      <td className="t2">{billedBy(plan)}</td>
      <td>
        {quota === null ? null : (
          <Meter part={quota.spent / quota.limit} planned={(quota.after - quota.spent) / quota.limit} />
        )}
      </td>
      <td className="num">
        {quota === null ? 'no quota' : `${number(Math.max(0, quota.limit - quota.after))} / ${number(quota.limit)}`}
      </td>
      <td className="t2">{quota?.window ?? ''}</td>
      <td className="num">{plan.endsAt === null ? 'unknown' : clock(plan.endsAt, now, zone)}</td>
    </>
  );
}
