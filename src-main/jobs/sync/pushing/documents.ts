import { packageRootId } from '../../../db/repositories/sync/packages/package-identity.ts';
import type { SizedPackage } from '../../../db/repositories/sync/packages/packages.ts';
import type { Intel } from '../../../destinations/tanium/port.ts';
import { INDICATOR_TYPES, type IndicatorType } from '#shared/domain/indicator.ts';
import { noteDocument } from './note-document.ts';
import { findDocument } from './package-writer.ts';
import { removeExtra } from './remove-document.ts';
import type { RunContext } from '../run-context.ts';
import type { TaniumTarget } from './tanium-target.ts';

/**
 * Compares the documents of the source with the packages: one that is missing or was changed by others is written again, a
 * second one of a package and one of a package that is no more are deleted. Documents that are not this job's are left alone.
 */
export async function checkDocuments(context: RunContext, target: TaniumTarget): Promise<void> {
  const { database } = context.parts;
  const packages = await database.read('syncPackages', { jobId: context.job.id });
  const intels = await target.intels();
  const kept = new Set<number>();
  for (const present of packages) {
    const found = await checkPackage(context, present, intels);
    if (found !== null) {
      kept.add(found.id);
    }
  }
  const byRoot = new Map(packages.map((present) => [present.rootId.toLowerCase(), present]));
  for (const intel of intels) {
    const isOwn = byRoot.has(intel.intrinsicId.toLowerCase()) || isLeftOver(context.job.uuid, intel);
    if (isOwn && !kept.has(intel.id)) {
      await removeExtra(context, target, { name: intel.name, rootId: intel.intrinsicId, intelId: intel.id });
    }
  }
}

/** The document that stands for a package; null when there is none. */
async function checkPackage(
  context: RunContext,
  present: SizedPackage,
  intels: readonly Intel[],
): Promise<Intel | null> {
  const { intelId, serverMd5, name } = present;
  const byId = intels.find(({ id }) => id === intelId);
  // An id that stands for another document now is not ours any more.
  const isOurs =
    byId !== undefined &&
    (byId.intrinsicId === '' ? byId.name === name : byId.intrinsicId.toLowerCase() === present.rootId.toLowerCase());
  const found = isOurs ? byId : findDocument(intels, present);
  if (found === null) {
    if (intelId !== null) {
      context.warn(`${name} was no longer in Threat Response and is written again.`);
      await noteDocument(context, present, null);
    }
    return null;
  }
  if (found.id !== intelId) {
    await noteDocument(context, present, found);
  } else if (serverMd5 !== null && found.md5 !== null && found.md5.toLowerCase() !== serverMd5.toLowerCase()) {
    context.warn(`${name} was changed by somebody else in Threat Response and is written again.`);
    await noteDocument(context, present, found);
  }
  return found;
}

/** Whether a document is of this job by its root id: its name says which package it was, and only this job's id leads there. */
function isLeftOver(jobUuid: string, { intrinsicId, name }: Intel): boolean {
  const words = / - (Address|File|Host)(?: ([01]{1,32}))?$/.exec(name);
  const type = INDICATOR_TYPES.find((one): one is IndicatorType => one === words?.[1]);
  return type !== undefined && packageRootId(jobUuid, type, words?.[2] ?? '') === intrinsicId.toLowerCase();
}
