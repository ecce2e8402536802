import { createHash } from 'node:crypto';
import type { IndicatorType } from '#shared/domain/indicator.ts';

/** SQL that marks a package as one that may have to be written. */
export const DIRTY = 'dirty = 1, touched = touched + 1, labels_due = 1';

/** The name of a package, by which a person finds it in Threat Response: `Job name - File 0110`. */
export function packageName(jobName: string, type: IndicatorType, prefix: string): string {
  return `${jobName} - ${type}${prefix === '' ? '' : ` ${prefix}`}`;
}

/** The root id of a package's documents: the same one always, in the name space of the job, and of no other package. */
export function packageRootId(jobUuid: string, type: IndicatorType, prefix: string): string {
  return nameUuid(jobUuid, `${type} ${prefix}`);
}

/** A UUID version 5 (RFC 9562, 5.5): the same for the same name in the same name space. */
export function nameUuid(space: string, name: string): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(space.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest();
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
