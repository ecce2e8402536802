import { createHash } from 'node:crypto';
import type { SizedPackage, PackageMember } from '../../db/repositories/sync/packages.ts';
import type { SyncJobRow } from '../../db/repositories/sync/types.ts';
import type { TermForms } from '../../destinations/openioc/port.ts';
import { writeOpenIoc } from '../../destinations/openioc/write.ts';
import type { IntelDocument } from '../../destinations/tanium/port.ts';

/** A document with what tells it from another version of itself. */
export interface BuiltPackage {
  readonly document: IntelDocument;
  /** SHA-256 of what it says, when it was last modified left aside: a touched indicator alone is no reason to send it. */
  readonly digest: string;
  /** MD5 of its bytes, which is what Threat Response tells of a document. */
  readonly md5: string;
}

/** Builds the document of a package. Needs at least one member. */
export function buildPackage(
  job: SyncJobRow,
  { rootId, name, type }: SizedPackage,
  members: readonly PackageMember[],
  forms: TermForms,
): BuiltPackage {
  const description = `${type} indicators of ThreatConnect, kept up to date by Assay: sync job ${job.name}.`;
  const terms = members.flatMap((member) => member.terms);
  const content = { rootId, name, description, terms };
  const modifiedAt = members.reduce((latest, member) => Math.max(latest, member.modifiedAt), 0);
  const xml = writeOpenIoc({ ...content, modifiedAt }, forms);
  return {
    document: { rootId, name, description, xml },
    digest: createHash('sha256')
      .update(writeOpenIoc({ ...content, modifiedAt: 0 }, forms))
      .digest('hex'),
    md5: createHash('md5').update(xml).digest('hex'),
  };
}
