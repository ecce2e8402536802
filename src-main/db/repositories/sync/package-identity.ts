import { createHash } from 'node:crypto';
import type { IndicatorType } from '#shared/domain/indicator.ts';

/** SQL that marks a package as one that may have to be written. */
export const DIRTY = 'dirty = 1, touched = touched + 1, labels_due = 1';

/** The name of a package, by which a person finds it in Threat Response: `Job name - File 0110`. */
export function packageName(jobName: string, type: IndicatorType, prefix: string): string {
  return `${jobName} - ${type}${prefix === '' ? '' : ` ${prefix}`}`;
}

/**
 * The root id of a package's documents: a UUID version 5 (RFC 9562, 5.5) in the name space of the job, so that the same
 * package of the same job always has the same one and no other has it.
 */
export function packageRootId(jobUuid: string, type: IndicatorType, prefix: string): string {
  const space = Buffer.from(jobUuid.replaceAll('-', ''), 'hex');
  const bytes = createHash('sha1').update(space).update(`${type} ${prefix}`).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
