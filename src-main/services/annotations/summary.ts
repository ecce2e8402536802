import { countTags } from '#shared/domain/annotation.ts';
import type { FileAnnotation } from '../../db/repositories/annotations/reads.ts';
import type { AnnotationSummary } from './port.ts';

/** What is written on several files, as an editor of all of them begins with. */
export function summaryOf(files: readonly FileAnnotation[]): AnnotationSummary {
  const notes = new Set(files.map(({ note }) => note));
  const [only = ''] = notes;
  return {
    files: files.length,
    note: notes.size > 1 ? null : only,
    noted: files.filter(({ note }) => note !== '').length,
    tags: countTags(files.map(({ tags }) => tags)),
  };
}
