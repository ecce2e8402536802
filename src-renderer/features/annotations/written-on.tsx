import type { ReactNode } from 'react';
import type { AnnotationView } from '#shared/contract/annotation-view.ts';
import { changedTags, joinedNotes } from '#shared/domain/annotation.ts';
import { DIGEST_KINDS, DIGEST_LABEL } from '#shared/domain/hash.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { useNow } from '../../components/use-now.ts';
import { age, time } from '../../components/words.ts';

interface Props {
  readonly annotations: readonly AnnotationView[];
  readonly zone: Preferences['times'];
  /** Opens the editor. */
  readonly onChange: () => void;
}

/** What people wrote on a file, by whom and when, and the way to change it. */
export function WrittenOn({ annotations, zone, onChange }: Props): ReactNode {
  const own = annotations.filter(({ asserted }) => !asserted);
  const others = annotations.filter(({ asserted }) => asserted);
  return (
    <section>
      <div className="sectionhead">
        <h2>Note and tags</h2>
        <button type="button" className="button compact" onClick={onChange}>
          {own.length === 0 ? 'Add' : 'Change'} <kbd aria-hidden="true">t</kbd>
        </button>
      </div>
      {own.length === 0 ? <p className="small t2">None.</p> : <Text annotations={own} zone={zone} />}
      {others.map((one) => (
        <div key={one.id} className="fact">
          <p className="tiny t2">Written on {namesOf(one)}, which only this list ties to this file:</p>
          <Text annotations={[one]} zone={zone} />
        </div>
      ))}
    </section>
  );
}

function Text({ annotations, zone }: Pick<Props, 'annotations' | 'zone'>): ReactNode {
  const now = useNow();
  const tags = annotations.reduce<readonly string[]>((all, one) => changedTags(all, one.tags), []);
  const note = joinedNotes(annotations.map((one) => one.note));
  const latest = annotations.toSorted((a, b) => b.changedAt - a.changedAt)[0];
  return (
    <>
      <Tags tags={tags} />
      {note === '' ? null : <p className="small notetext">{note}</p>}
      {latest === undefined ? null : (
        <p className="tiny t2" title={time(latest.changedAt, zone)}>
          {latest.changedBy}, {age(latest.changedAt, now)}
        </p>
      )}
    </>
  );
}

/** Tags side by side. */
function Tags({ tags }: { readonly tags: readonly string[] }): ReactNode {
  return tags.length === 0 ? null : (
    <p className="tagline">
      {tags.map((tag) => (
        <bdi key={tag} className="tag">
          {tag}
        </bdi>
      ))}
    </p>
  );
}

function namesOf({ digests }: AnnotationView): string {
  return DIGEST_KINDS.filter((kind) => digests[kind] !== undefined)
    .map((kind) => `${DIGEST_LABEL[kind]} ${digests[kind]?.slice(0, 12) ?? ''}…`)
    .join(', ');
}
