import { open } from 'node:fs/promises';
import type { ManifestView } from '#shared/contract/report.ts';
import { readManifest } from '../manifest.ts';
import type { SealFound } from '../seal.ts';
import { type ZipPart, partHash, partText, zipParts } from './read-zip.ts';
import { CUSTOM_PART, MANIFEST_PART, PartsSeal, customXml, sealIn } from './seal-of-parts.ts';

/** Of a manifest in bytes: it names every input, of which there may be 100,000. */
const MOST_MANIFEST = 256 * 1024 * 1024;
const MOST_CUSTOM = 1024 * 1024;

/**
 * Looks for the seal of a workbook and works out the one its parts call for. A program that saves a workbook again drops the
 * manifest and keeps the seal in the document's properties: that shows as a change, without a manifest. Null when it is no
 * workbook with a seal of Assay. `onBytes` is told of each stretch of the file that was read, in bytes.
 */
export async function readXlsxSeal(
  path: string,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<(SealFound & { readonly manifest: ManifestView | null }) | null> {
  const file = await open(path, 'r');
  try {
    const found = await zipParts(file);
    const parts = found?.parts ?? null;
    const named = (name: string): ZipPart | undefined => parts?.find((part) => part.name === name);
    const manifestPart = named(MANIFEST_PART);
    const customPart = named(CUSTOM_PART);
    const manifest = manifestPart === undefined ? null : await partText(file, manifestPart, MOST_MANIFEST, signal);
    const custom = customPart === undefined ? null : await partText(file, customPart, MOST_CUSTOM, signal);
    const carried = sealIn(manifest ?? '') ?? sealIn(custom ?? '');
    if (found === null || parts === null || carried === null) {
      return null;
    }
    const seal = new PartsSeal();
    for (const part of parts) {
      if (part.name !== MANIFEST_PART && part.name !== CUSTOM_PART) {
        seal.add(part.name, (await partHash(file, part, onBytes, signal)) ?? 'damaged');
      }
    }
    // What stands in a place of its own must be what was written there; nothing may be in the file twice or beside its parts.
    const isOnce = new Set(parts.map(({ name }) => name.toLowerCase())).size === parts.length;
    if (custom !== customXml(carried) || !isOnce || !found.isPlain) {
      seal.add(CUSTOM_PART, 'changed');
    }
    return { carried, computed: seal.digits(manifest ?? ''), manifest: readManifest(manifest ?? '') };
  } finally {
    await file.close();
  }
}
