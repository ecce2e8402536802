import type { ReactNode } from 'react';
import type { Panel, Split } from '#shared/domain/usage/panels.ts';
import { presentBoard, setBoard } from '../board/store.ts';
import { useSplit } from './use-panel.ts';

const WORDS: Readonly<Record<Split, string>> = {
  source: 'by source',
  status: 'by status',
  door: 'by door',
  reason: 'by reason',
  side: 'by side',
  direction: 'by direction',
  age: 'by age',
  state: 'by state',
  none: 'in total',
};

/** How a panel is broken down, where there are several ways. */
export function SplitChoice({ panel }: { readonly panel: Panel }): ReactNode {
  const split = useSplit(panel);
  return panel.splits.length < 2 ? null : (
    <select
      className="splitchoice tiny"
      aria-label={`${panel.title}: parts`}
      value={split}
      onChange={(event) => {
        const chosen = panel.splits.find((one) => one === event.target.value) ?? split;
        setBoard({ splits: { ...presentBoard().splits, [panel.id]: chosen } });
      }}
    >
      {panel.splits.map((one) => (
        <option key={one} value={one}>
          {WORDS[one]}
        </option>
      ))}
    </select>
  );
}
