/** A file name as the checksum tools escape it when the line starts with a backslash: `\\`, `\n`, `\r`. */
export function unescapeName(name: string): string {
  return name.replaceAll(/\\([\\nr])/g, (_, mark: string) => (mark === 'n' ? '\n' : mark === 'r' ? '\r' : '\\'));
}
