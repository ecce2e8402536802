import type { ReactNode } from 'react';
import type { FlightPlan } from '#shared/contract/scan.ts';
import type { Strategy } from '#shared/domain/outcome.ts';
import { sourceLabel, sourceShortLabel } from '#shared/domain/source.ts';
import { number } from '../../../components/words.ts';

const ORDER_WORDS: Readonly<Record<Strategy, string>> = {
  certain: 'All are asked, those whose calls tell most first',
  fastest: 'All at once, the quickest to answer first',
  cheapest: 'One after another, in this order',
};

/** The order of the sources and what each step is expected to settle and to leave; open where the order decides. */
export function PlanSteps({ plan }: { readonly plan: FlightPlan }): ReactNode {
  if (plan.steps.length < 2) {
    return null;
  }
  const names = plan.steps.map(({ source }) => sourceShortLabel(source)).join(', ');
  return (
    <details className="plansteps small" key={plan.strategy} open={plan.strategy === 'cheapest'}>
      <summary>
        {ORDER_WORDS[plan.strategy]}: <span className="medium">{names}</span>
      </summary>
      <table className="sheet">
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col" className="num">
              Hashes
            </th>
            <th scope="col" className="num">
              Requests
            </th>
            <th scope="col" className="num">
              Expected malicious, first here
            </th>
            <th scope="col" className="num">
              Left open
            </th>
          </tr>
        </thead>
        <tbody>
          {plan.steps.map((step, place) => (
            <tr key={step.source}>
              <td>
                {place + 1} {sourceLabel(step.source)}
              </td>
              <td className="num">{number(step.hashes)}</td>
              <td className="num">{number(step.requests)}</td>
              <td className="num">{number(step.settles)}</td>
              <td className="num">{number(step.left)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
