import type { Stats } from 'node:fs';

/** What something is that is no regular file, in a few words. `isLink`: a link leads there. */
export function noFileReason(stats: Stats, isLink: boolean): string {
  if (stats.isDirectory()) {
    return isLink ? 'a link to a folder, not followed' : 'a folder, not a file';
  }
  const prefix = isLink ? 'a link to ' : '';
  if (stats.isSocket()) {
    return `${prefix}a socket, not a file`;
  }
  if (stats.isFIFO()) {
    return `${prefix}a pipe, not a file`;
  }
  return stats.isBlockDevice() || stats.isCharacterDevice()
    ? `${prefix}a device, not a file`
    : `${prefix}no regular file`;
}
