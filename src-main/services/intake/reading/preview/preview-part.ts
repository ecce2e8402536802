import type { PreviewPart, Reading } from '#shared/contract/intake.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import { bounded, type Meter } from '../../../../formats/containers/bounds.ts';
import { MemberFault, type ContainerFinding, type ContainerMember } from '../../../../formats/containers/port.ts';
import { likelyContainer, MARK_BYTES } from '../../../../formats/containers/recognise-container.ts';
import { mayBeSample, memberReading } from '../containers/container-task.ts';
import { DigestFinder } from '../containers/holds-digest.ts';
import { memberName } from '../containers/member-name.ts';
import { MemberStream, Undecided } from '../containers/member-stream.ts';
import type { FormatTools } from '../formats.ts';
import { reasonOf } from '../reason.ts';
import type { LookTime } from './look-time.ts';
import { NOT_READ, previewInput, shortened } from './preview-input.ts';

/** Lines of a document that is no table, and what they are taken from. */
const MOST_LINES = 12;
const LINE_BYTES = 16 * 1024;

/** What looking at the members of one container shares. */
export interface PartPlace {
  readonly reading: Reading;
  readonly formats: FormatTools;
  readonly meter: Meter;
  readonly time: LookTime;
}

/** A member as a preview shows it, and how much of it was looked at. */
export interface SeenPart {
  readonly part: PreviewPart;
  readonly bytes: number;
  /** True when nothing of it would be read that was not looked at. */
  readonly isWhole: boolean;
  /** Its text holds something like a digest. */
  readonly holdsDigest: boolean;
}

/**
 * What a member would be read as, by its beginning, with at most `rows` of its first rows. What cannot be read says why;
 * late in the time it is not looked at. Rejects with defects alone.
 */
export async function lookAtPart(finding: ContainerFinding, place: PartPlace, rows: number): Promise<SeenPart> {
  const name = shortened(memberName(finding.name));
  if (finding.kind === 'refused') {
    return unread({ ...EMPTY, name, kind: 'refused', what: finding.reason, isEncrypted: finding.why === 'encrypted' });
  }
  const base = { ...EMPTY, name, size: finding.size, isEncrypted: finding.isEncrypted === true };
  if (place.time.isLate) {
    return unread({ ...base, kind: 'unseen' });
  }
  const { meter, time } = place;
  const stream = new MemberStream(time.watched(bounded(finding.content, meter, finding.packed ?? null)));
  try {
    return await lookAtContent(finding, base, stream, place, rows);
  } catch (error) {
    if (time.isOver) {
      return unread({ ...base, kind: 'unseen' });
    }
    if (error instanceof Undecided) {
      return unread({ ...base, kind: 'sample' });
    }
    if (error instanceof MemberFault) {
      const isEncrypted = base.isEncrypted || error.why === 'encrypted';
      return unread({ ...base, kind: 'refused', what: error.message, isEncrypted });
    }
    if (isAppError(error)) {
      // A format or column that was asked for and is not there.
      return unread({ ...base, kind: 'refused', what: error.message });
    }
    if (typeof (error as NodeJS.ErrnoException).code === 'string') {
      return unread({ ...base, kind: 'refused', what: reasonOf(error) });
    }
    throw error;
  } finally {
    await stream.close();
  }
}

async function lookAtContent(
  member: ContainerMember,
  base: PreviewPart,
  stream: MemberStream,
  { reading, formats }: PartPlace,
  rows: number,
): Promise<SeenPart> {
  const inner = member.as === 'file' ? likelyContainer(await stream.peek(MARK_BYTES)) : null;
  if (inner !== null) {
    return unread({ ...base, kind: 'container', what: inner });
  }
  const start = new TextStart();
  const seen = await previewInput(base.name, start.passed(stream.looked()), {
    reading: memberReading(reading, member),
    formats,
    isList: mayBeSample(reading, member) ? null : true,
    rows,
  });
  const { isList, formatLabel, columns, carriedColumns, counts, bytes, isWhole } = seen;
  const records = { columns, carriedColumns, rows: seen.rows, counts };
  const part: PreviewPart = isList
    ? { ...base, kind: 'list', what: formatLabel, ...records, text: member.format === undefined ? [] : start.lines() }
    : { ...base, kind: 'sample' };
  // Of a sample there is nothing more to be seen.
  return { part, bytes, isWhole: isWhole || !isList, holdsDigest: isList && start.holdsDigest() };
}

/** Looks at text while it passes: its first lines, and whether it holds something like a digest. */
class TextStart {
  readonly #finder = new DigestFinder();
  readonly #parts: Uint8Array[] = [];
  #bytes = 0;

  async *passed(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of content) {
      this.#finder.push(chunk);
      if (this.#bytes < LINE_BYTES) {
        this.#parts.push(chunk.subarray(0, LINE_BYTES));
        this.#bytes += chunk.length;
      }
      yield chunk;
    }
  }

  holdsDigest(): boolean {
    return this.#finder.end();
  }

  lines(): string[] {
    const text = Buffer.concat(this.#parts).toString('utf8');
    const lines = text.split(/\r\n|[\n\r\f]/).map((line) => line.trim());
    return lines
      .filter((line) => line !== '')
      .slice(0, MOST_LINES)
      .map(shortened);
  }
}

const EMPTY: PreviewPart = {
  name: '',
  size: null,
  kind: 'unseen',
  what: '',
  isEncrypted: false,
  columns: [],
  carriedColumns: [],
  ...NOT_READ,
  text: [],
};

function unread(part: PreviewPart): SeenPart {
  return { part, bytes: 0, isWhole: part.kind !== 'unseen', holdsDigest: false };
}
