import { createHash } from 'node:crypto';
import type { SizedPackage, PackageMember } from '../../../db/repositories/sync/packages/packages.ts';
import type { SyncJobRow } from '../../../db/repositories/sync/types.ts';
import type { PackageContent, TermForms } from '../../../destinations/openioc/port.ts';
import { writeOpenIoc } from '../../../destinations/openioc/write.ts';
import type { IntelDocument } from '../../../destinations/tanium/port.ts';

/** A document with what tells it from another version of itself. */
export interface BuiltPackage {
  readonly document: IntelDocument;
  /** MD5 of its bytes, which is what Threat Response tells of a document. */
  readonly md5: string;
}

/**
 * SHA-256 of what the document of a package says, when it was last modified left aside: an indicator that was only touched
 * is no reason to send it again. Needs at least one member.
 */
export function packageDigest(
  job: SyncJobRow,
  present: SizedPackage,
  members: readonly PackageMember[],
  forms: TermForms,
): string {
  const xml = writeOpenIoc({ ...contentOf(job, present, members), modifiedAt: 0 }, forms);
  return createHash('sha256').update(xml).digest('hex');
}

/** Builds the document of a package. Needs at least one member. */
export function buildPackage(
  job: SyncJobRow,
  present: SizedPackage,
  members: readonly PackageMember[],
  forms: TermForms,
): BuiltPackage {
  const content = contentOf(job, present, members);
  const modifiedAt = members.reduce((latest, member) => Math.max(latest, member.modifiedAt), 0);
  const xml = writeOpenIoc({ ...content, modifiedAt }, forms);
  const { rootId, name, description } = content;
  return { document: { rootId, name, description, xml }, md5: createHash('md5').update(xml).digest('hex') };
}

function contentOf(
  job: SyncJobRow,
  { rootId, name, type }: SizedPackage,
  members: readonly PackageMember[],
): Omit<PackageContent, 'modifiedAt'> {
  const description = `${type} indicators of ThreatConnect, kept up to date by Assay: sync job ${job.name}.`;
  return { rootId, name, description, terms: members.flatMap(({ terms }) => terms) };
}
