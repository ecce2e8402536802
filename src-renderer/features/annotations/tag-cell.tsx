import type { ReactNode } from 'react';

/** About the pixels a character, the rim of a tag and what counts the rest take; a tag that is wider is cut. */
const CHARACTER = 6.2;
const RIM = 14;
const REST = 26;

interface Props {
  readonly tags: readonly string[];
  /** Pixels of the column. */
  readonly width: number;
}

/** Tags in a row of a grid: as many as have room, at least the first, and how many more there are. All of them are read out. */
export function TagCell({ tags, width }: Props): ReactNode {
  const shown = tags.slice(0, fitting(tags, width));
  const rest = tags.slice(shown.length);
  return (
    <span className="tagcell" title={tags.join(', ')}>
      {shown.map((tag) => (
        <bdi key={tag} className="tag cut">
          {tag}
        </bdi>
      ))}
      {rest.length === 0 ? null : (
        <>
          <span className="more" aria-hidden="true">
            +{rest.length}
          </span>
          <span className="visually-hidden">{rest.join(', ')}</span>
        </>
      )}
    </span>
  );
}

/** How many of the tags have room beside what counts the others. */
function fitting(tags: readonly string[], width: number): number {
  let used = 0;
  let count = 0;
  for (const tag of tags) {
    used += tag.length * CHARACTER + RIM;
    if (count > 0 && used + (count + 1 < tags.length ? REST : 0) > width) {
      return count;
    }
    count += 1;
  }
  return count;
}
