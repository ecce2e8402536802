import { createHash } from 'node:crypto';

const MARK = 'assay-seal:';
const SEAL = /assay-seal:([0-9a-f]{64})/g;
const ZEROS = '0'.repeat(64);

/** The parts that carry the seal: whole for verifying, and where programs that save a workbook again keep it. */
export const MANIFEST_PART = 'assay/manifest.json';
export const CUSTOM_PART = 'docProps/custom.xml';

/**
 * The seal of a workbook: the SHA-256 over name and SHA-256 of every part, in their order, a line feed behind each, and of
 * the manifest with zeros for the seal's own digits. The part that only repeats the seal is not in it. The parts' bytes
 * count as they are unpacked: a workbook is a zip file whose checksums a seal inside of its bytes would break.
 */
export class PartsSeal {
  readonly #hash = createHash('sha256');

  add(name: string, sha256: string): void {
    this.#hash.update(`${name}\n${sha256}\n`);
  }

  /** `manifest` with any seal in it. */
  digits(manifest: string): string {
    this.add(MANIFEST_PART, createHash('sha256').update(withSeal(manifest, ZEROS)).digest('hex'));
    return this.#hash.digest('hex');
  }
}

/** A manifest with these digits in the place of its seal, the last one in it: texts in front may look like seals. */
export function withSeal(manifest: string, digits: string): string {
  const place = [...manifest.matchAll(SEAL)].at(-1)?.index;
  const from = (place ?? manifest.length) + MARK.length;
  return place === undefined ? manifest : `${manifest.slice(0, from)}${digits}${manifest.slice(from + digits.length)}`;
}

/** The digits of the last seal in a text; null when there is none. */
export function sealIn(text: string): string | null {
  return [...text.matchAll(SEAL)].at(-1)?.[1] ?? null;
}

/** The custom property that repeats the seal. */
export function customXml(digits: string): string {
  return (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' +
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" ' +
    'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">' +
    '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="Assay seal">' +
    `<vt:lpwstr>assay-seal:${digits}</vt:lpwstr></property></Properties>`
  );
}
