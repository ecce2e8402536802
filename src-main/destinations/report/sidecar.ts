import { z } from 'zod';
import type { ManifestView } from '#shared/contract/report.ts';
import { headObject } from './head-object.ts';
import { manifestText, readManifest } from './manifest.ts';
import type { ReportHead } from './port.ts';

/** What the name of a manifest beside a report ends in. */
export const SIDECAR_ENDING = '.manifest.json';
/** How it begins. */
export const SIDECAR_BEGIN = '{"assay_report":{"manifestOf":';

/** What a manifest beside a report says of it. */
export interface Sidecar {
  /** The report's own name, without a folder. */
  readonly file: string;
  readonly bytes: number;
  /** SHA-256 over the report's bytes, in hex. */
  readonly sha256: string;
  readonly manifest: ManifestView | null;
}

/** The manifest that lies beside a report: everything the report states, the SHA-256 of its file, and the place of the seal. */
export function sidecarText(head: ReportHead, file: string, bytes: number, sha256: string): string {
  const facts = JSON.stringify({ bytes, contentSha256: sha256, head: headObject(head) }).slice(1);
  return `${SIDECAR_BEGIN}${JSON.stringify(file)},${facts},"assay_manifest":${manifestText(head)}}\n`;
}

const sidecarSchema = z.object({
  assay_report: z.object({
    manifestOf: z.string(),
    bytes: z.int().nonnegative(),
    contentSha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
});

/** Reads a manifest beside a report; null when the text is none. */
export function readSidecar(text: string): Sidecar | null {
  if (!text.startsWith(SIDECAR_BEGIN)) {
    return null;
  }
  try {
    const { assay_report: facts } = sidecarSchema.parse(JSON.parse(text));
    const { manifestOf: file, bytes, contentSha256: sha256 } = facts;
    return { file, bytes, sha256, manifest: readManifest(text) };
  } catch {
    // What was changed until it is no manifest says nothing about a report.
    return null;
  }
}
