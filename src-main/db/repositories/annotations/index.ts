import { annotationReads } from './reads.ts';
import { undoAnnotations } from './undo.ts';
import { writeAnnotations } from './write.ts';

/** Notes and tags on files. They belong to nobody's intake and outlive the cache. */
export const annotationsReads = annotationReads;
export const annotationsWrites = { writeAnnotations, undoAnnotations } as const;
