import type { ReactNode } from 'react';
import { useCall } from '../../bridge/use-call.ts';
import { number } from '../../components/words.ts';
import { ChangesPart } from './changes-part.tsx';
import { ReviewPart } from './review-part.tsx';
import { useChanges } from './store.ts';
import { useLook } from './use-look.ts';

/** What sources say otherwise than before, and the files about which they disagree. */
export function ChangesView(): ReactNode {
  const part = useChanges((state) => state.part);
  const open = useCall('review.page', { offset: 0, limit: 1 }, ['reviews', 'hash-list', 'settings']);
  useLook();
  const waiting = open.value === null ? '' : ` ${open.value.atLeast ? 'over ' : ''}${number(open.value.total)}`;
  const parts = [
    { name: 'changes', label: 'What changed' },
    { name: 'disagreements', label: `Disagreements${waiting}` },
  ] as const;
  return (
    <section className="view">
      <div className="viewhead">
        <h1>Changes</h1>
        <div className="segments" role="group" aria-label="What is shown">
          {parts.map(({ name, label }) => (
            <button
              key={name}
              type="button"
              aria-pressed={part === name}
              onClick={() => useChanges.setState({ part: name })}
            >
              {label}
            </button>
          ))}
        </div>
      </div>
      {part === 'changes' ? <ChangesPart /> : <ReviewPart />}
    </section>
  );
}
