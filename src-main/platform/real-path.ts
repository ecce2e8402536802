import { realpath } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';

/** Where a path leads; a file that is not there yet is where its folder leads. */
export async function realOf(path: string): Promise<string> {
  return realpath(path).catch(async () => {
    const parent = dirname(path);
    return parent === path ? path : join(await realOf(parent), basename(path));
  });
}

/** Whether a path lies below a folder; both as realOf gives them. */
export function isInside(folder: string, path: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}

/** Why nothing may be written to this path: it leads into the data directory. Null where it does not. */
export async function whyNotThere(path: string, dataDirectory: string): Promise<string | null> {
  return isInside(await realOf(dataDirectory), await realOf(path))
    ? `${path} lies in the data directory, where only Assay's own files belong. Name another place.`
    : null;
}
