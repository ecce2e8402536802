import { setImmediate as nextTurn } from 'node:timers/promises';
import type { IntakePreview, PreviewPart, Reading } from '#shared/contract/intake.ts';
import { Meter } from '../../../../formats/containers/bounds.ts';
import { MemberFault, type ByteSource } from '../../../../formats/containers/port.ts';
import type { RecognisedContainer } from '../containers/container-input.ts';
import { passwordsOf } from '../containers/container-task.ts';
import type { FormatTools } from '../formats.ts';
import type { LookTime } from './look-time.ts';
import { NOT_READ } from './preview-input.ts';
import { lookAtPart, type SeenPart } from './preview-part.ts';

/** Members shown; those behind them are counted. */
const MOST_PARTS = 50;
/** How many tables and lists show rows, and how many each. A workbook or document is shown for its rows. */
const WITH_ROWS = { archive: { lists: 3, rows: 5 }, document: { lists: 10, rows: 10 } } as const;
/** Longest time without letting timers and messages in, in milliseconds. */
const TURN_MS = 25;
/** Larger documents are not looked at before they are read: their tables of texts and pages would be taken in whole. */
const LARGEST_DOCUMENT = 64 * 1024 * 1024;

/** What an archive, a workbook or a document is looked at with. */
export interface ContainerLook {
  readonly reading: Reading;
  readonly formats: FormatTools;
  readonly time: LookTime;
}

/**
 * What lies in a container and what each of it would be read as. The usual password is tried. Damage, a bound and the end
 * of the time end it with what was found before. Nothing is kept. Rejects with defects, and when the source does.
 */
export async function previewContainer(
  name: string,
  source: ByteSource,
  found: RecognisedContainer,
  look: ContainerLook,
): Promise<IntakePreview> {
  const { kind } = found;
  const { seen, more, isCounted, ended, isLocked } = await lookInside(source, found, look);
  const parts = seen.map(({ part }) => part);
  const isOpened =
    kind.holds === 'archive' ||
    found.isAsked ||
    found.opens === 'alone' ||
    look.reading.as === 'list' ||
    isLocked ||
    seen.some(({ holdsDigest }) => holdsDigest);
  const table = parts.find(({ columns }) => columns.length > 0);
  return {
    name,
    format: kind.id,
    formatLabel: kind.label,
    why: found.why,
    encoding: 'binary',
    isList: isOpened,
    alternatives: isOpened ? [] : [{ format: kind.id, label: kind.label }],
    columns: table?.columns ?? [],
    carriedColumns: [],
    rows: [],
    counts: summed(parts),
    inside: { holds: kind.holds, parts, more, isCounted, ended },
    bytes: seen.reduce((sum, { bytes }) => sum + bytes, 0),
    isWhole: isCounted && more === 0 && seen.every(({ isWhole }) => isWhole),
  };
}

interface Inside {
  readonly seen: readonly SeenPart[];
  readonly more: number;
  readonly isCounted: boolean;
  readonly ended: string;
  /** Nothing of it is open without a password: reading it asks for one. */
  readonly isLocked: boolean;
}

async function lookInside(source: ByteSource, { kind }: RecognisedContainer, look: ContainerLook): Promise<Inside> {
  const { time } = look;
  const place = { ...look, meter: new Meter(source.size) };
  const seen: SeenPart[] = [];
  const { lists, rows } = WITH_ROWS[kind.holds];
  let more = 0;
  const end = (ended: string, isLocked = false): Inside => ({ seen, more, isCounted: ended === '', ended, isLocked });
  if (kind.holds === 'document' && source.size > LARGEST_DOCUMENT) {
    return end('it is larger than 64 MiB');
  }
  let turnAt = performance.now();
  try {
    const format = await kind.load();
    for await (const finding of format.open(source, {
      passwords: passwordsOf({ passwords: [] }),
      signal: time.signal,
    })) {
      place.meter.countMember(finding.name);
      if (seen.length < MOST_PARTS) {
        const shown = seen.filter(({ part }) => part.kind === 'list').length;
        seen.push(await lookAtPart(finding, place, shown < lists ? rows : 0));
      } else {
        more += 1;
      }
      if (performance.now() - turnAt > TURN_MS) {
        await nextTurn();
        turnAt = performance.now();
      }
      if (time.isOver) {
        return end(time.reason);
      }
    }
    return end('');
  } catch (error) {
    if (time.isOver) {
      return end(time.reason);
    }
    if (error instanceof MemberFault) {
      return end(error.message, error.why === 'encrypted');
    }
    throw error;
  }
}

function summed(parts: readonly PreviewPart[]): IntakePreview['counts'] {
  return parts.reduce(
    (sum, { counts }) => ({
      hashed: sum.hashed + counts.hashed,
      without: sum.without + counts.without,
      rejected: sum.rejected + counts.rejected,
      otherLines: sum.otherLines + counts.otherLines,
    }),
    NOT_READ.counts,
  );
}
