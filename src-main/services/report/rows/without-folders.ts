import type { InputFileView } from '#shared/contract/intake.ts';

/**
 * Takes folders of this machine out of what a report says: sentences on faults name files by their whole paths, and a
 * report goes to others, whom names of people and folders here do not concern. Files keep their names.
 */
export function withoutFolders(directory: string, inputs: readonly InputFileView[]): (text: string) => string {
  const names = new Map<string, string>([
    [`${directory}/`, ''],
    [`${directory}\\`, ''],
  ]);
  for (const { name, fault } of inputs) {
    // What could not be read at all begins with where it was looked for.
    const at = fault?.indexOf(`${name} could not be read`) ?? -1;
    if (fault !== null && at > 0) {
      names.set(fault.slice(0, at + name.length), name);
    }
  }
  return (text) => [...names].reduce((left, [path, name]) => left.replaceAll(path, name), text);
}
