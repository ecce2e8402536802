import type { InputFileView } from '#shared/contract/intake.ts';
import { counted } from '#shared/domain/grouped.ts';
import { lockedSentence } from '#shared/domain/locked-files.ts';
import { MemberFault } from '../../../../formats/containers/port.ts';
import type { ReadInput } from '../read-list.ts';
import { passwordsOf, type ContainerPlace, type ContainerTask } from './container-task.ts';
import type { FileDigests } from './digester.ts';
import { Members } from './members.ts';
import { readMember } from './read-member.ts';
import { watchCancel } from './watch-cancel.ts';

/** What reading the members ended by, when that was not the end. */
interface Stop {
  readonly reason: string;
  readonly needsPassword: boolean;
}

/**
 * Reads a container: lists and containers inside become inputs of their own, all other members records of the container's
 * own input, which comes last. The container itself is a record of it when it holds a file that is no list, or when
 * nothing at all could be read of it. Bounds and damage end it with what came before.
 */
export async function readContainer(task: ContainerTask, place: ContainerPlace): Promise<readonly ReadInput[]> {
  const members = new Members(place.session);
  const watch = watchCancel(place.session);
  try {
    const stop = await readMembers(task, place, members, watch.signal);
    const digests = place.session.isCancelled ? null : await task.digests();
    return [...members.inputs, containerInput(task, place, members, stop, digests)];
  } finally {
    watch.dispose();
  }
}

async function readMembers(
  task: ContainerTask,
  place: ContainerPlace,
  members: Members,
  signal: AbortSignal,
): Promise<Stop | null> {
  const { session } = place;
  try {
    const format = await task.kind.load();
    const memberPlace = { ...place, task, members, readContainer, signal };
    for await (const finding of format.open(task.source, { passwords: passwordsOf(place), signal })) {
      if (session.isCancelled) {
        return null;
      }
      task.meter.countMember(finding.name);
      await readMember(finding, memberPlace);
      if (task.meter.reached !== null) {
        return stopped(new MemberFault('limit', task.meter.reached));
      }
      await session.breathe();
    }
    return null;
  } catch (error) {
    if (session.isCancelled && signal.aborted) {
      return null;
    }
    if (error instanceof MemberFault) {
      return stopped(error);
    }
    throw error;
  }
}

function stopped({ why, message }: MemberFault): Stop {
  return { reason: message, needsPassword: why === 'encrypted' };
}

function containerInput(
  task: ContainerTask,
  place: ContainerPlace,
  members: Members,
  stop: Stop | null,
  digests: FileDigests | { readonly reason: string } | null,
): ReadInput {
  const { files } = members;
  const isRecord = digests !== null && (files.hashed > 0 || members.inputs.length === 0);
  const hashed = files.hashed;
  if (isRecord) {
    files.addFirst(task.path, digests);
    place.session.countRecords(1);
  }
  const counts = files.report(place.session);
  const view: InputFileView = {
    name: task.name,
    bytes: task.source.size,
    sha256: digests !== null && 'sha256' in digests ? Buffer.from(digests.sha256).toString('hex') : null,
    format: task.kind.id,
    formatLabel: task.kind.label,
    why: task.why,
    encoding: 'binary',
    digestColumns: [],
    alternatives: [],
    records: members.records + (isRecord ? 1 : 0),
    fault: faultOf(members, hashed, stop, place, digests),
    ...(task.inside === null ? {} : { inside: task.inside }),
    ...(members.encrypted > 0 || stop?.needsPassword === true ? { needsPassword: true } : {}),
    ...(members.encrypted > 0 ? { encrypted: members.encrypted } : {}),
  };
  return { view, counts, isUnreadable: members.inputs.length === 0 && view.records > 0 && counts.hashed === 0 };
}

/** Everything that is missing, in one line; null when nothing is. */
function faultOf(
  members: Members,
  hashed: number,
  stop: Stop | null,
  place: ContainerPlace,
  digests: FileDigests | { readonly reason: string } | null,
): string | null {
  const lines: string[] = [];
  if (place.session.isCancelled) {
    lines.push(`Reading was cancelled after ${counted(hashed, 'file')}. What came before is kept.`);
  } else if (stop !== null) {
    lines.push(
      members.records === 0 && members.inputs.length === 0
        ? `Nothing in it could be read: ${stop.reason}. The file itself is kept as a sample.`
        : `It was not read to its end: ${stop.reason}. What came before is kept.`,
    );
  }
  if (members.encrypted > 0) {
    lines.push(lockedSentence(members.encrypted));
  }
  if (members.unopened > 0) {
    lines.push(`Too large or too deep to be opened, and only hashed: ${counted(members.unopened, 'archive')} in it.`);
  }
  if (digests !== null && 'reason' in digests) {
    lines.push(`No digest of the file itself was taken: ${digests.reason}.`);
  }
  return lines.length === 0 ? null : lines.join(' ');
}
