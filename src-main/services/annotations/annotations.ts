import { MOST_ANNOTATED } from '#shared/contract/annotations.ts';
import { parseDigest, type DigestSet } from '#shared/domain/hash.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Database } from '../../db/port.ts';
import type { FileAnnotation } from '../../db/repositories/annotations/reads.ts';
import type { Clock } from '../../platform/clock.ts';
import type { IntakeService } from '../intake/port.ts';
import type { AnnotationResult, AnnotationService } from './port.ts';
import { summaryOf } from './summary.ts';
import { tooMany } from './too-many.ts';

/** Files per call to the database: progress and cancel come between. */
const FILES_AT_ONCE = 500;
/** Annotations listed at once. */
const LISTED_AT_ONCE = 1_000;

/** What notes and tags are made of. */
export interface AnnotationParts {
  readonly database: Database;
  readonly intakes: Pick<IntakeService, 'certainSets' | 'writtenCounts'>;
  readonly clock: Clock;
  readonly analyst: () => Promise<string>;
}

/** Notes and tags in the database, which every process on the data directory sees. */
export function createAnnotations(parts: AnnotationParts): AnnotationService {
  const { database, intakes } = parts;
  const seconds = (): number => Math.floor(parts.clock.now() / 1000);
  const of = async (files: readonly DigestSet[]): Promise<FileAnnotation[]> => {
    const found: FileAnnotation[] = [];
    for (let from = 0; from < files.length; from += FILES_AT_ONCE) {
      const some = files.slice(from, from + FILES_AT_ONCE);
      found.push(...(await database.read('annotationsOfFiles', { files: some, now: seconds() })));
    }
    return found;
  };
  return {
    of,
    async files(target) {
      return target.kind === 'rows'
        ? intakes.certainSets(target.intakeId, target.selection, MOST_ANNOTATED)
        : target.hashes.map(asFile);
    },
    async summary(files) {
      return summaryOf(await of(files));
    },
    write: (files, change, onFiles, signal) => writeOn(parts, files, change, onFiles, signal),
    async undo(changeId) {
      const undone = await database.write('undoAnnotations', { changeId, now: seconds() }, 'person');
      if (undone === null) {
        throw new AppError(
          'NOT_FOUND',
          'This step cannot be taken back: it was taken back already, or it is older than the last 100 steps.',
        );
      }
      return undone;
    },
    tags: async (intakeId) =>
      intakeId === null ? database.read('annotationTags', {}) : intakes.writtenCounts(intakeId),
    async *all(tag) {
      for (let after: number | null = 0; after !== null;) {
        const page: Awaited<ReturnType<typeof database.read<'annotationsAfter'>>> = await database.read(
          'annotationsAfter',
          { after, limit: LISTED_AT_ONCE, tag },
        );
        yield page.rows;
        after = page.next;
      }
    },
  };
}

async function writeOn(
  { database, clock, analyst }: AnnotationParts,
  files: readonly DigestSet[],
  change: Parameters<AnnotationService['write']>[1],
  onFiles: (done: number) => void,
  signal: AbortSignal,
): Promise<AnnotationResult> {
  if (files.length > MOST_ANNOTATED) {
    throw tooMany(files.length);
  }
  const by = await analyst();
  const edit = { ...change, add: change.add ?? [], remove: change.remove ?? [] };
  let all: AnnotationResult = { changeId: null, changed: 0, unchanged: 0, full: 0, replaced: 0, cancelled: false };
  for (let from = 0; from < files.length; from += FILES_AT_ONCE) {
    const some = files.slice(from, from + FILES_AT_ONCE);
    const at = Math.floor(clock.now() / 1000);
    const done = await database.write(
      'writeAnnotations',
      { files: some, edit, by, at, changeId: all.changeId },
      'person',
    );
    all = summed(all, done);
    onFiles(from + some.length);
    if (signal.aborted) {
      return { ...all, cancelled: from + some.length < files.length };
    }
  }
  return all;
}

function summed(all: AnnotationResult, more: Omit<AnnotationResult, 'cancelled'>): AnnotationResult {
  return {
    changeId: more.changeId,
    changed: all.changed + more.changed,
    unchanged: all.unchanged + more.unchanged,
    full: all.full + more.full,
    replaced: all.replaced + more.replaced,
    cancelled: false,
  };
}

function asFile(text: string): DigestSet {
  const digest = parseDigest(text);
  if (digest === null) {
    throw new AppError(
      'INVALID_ARGUMENT',
      `${text.slice(0, 80)} is no hash: an MD5 has 32 hex digits, a SHA-1 40, a SHA-256 64.`,
    );
  }
  return { [digest.kind]: digest.hex };
}
