/** A pattern for `LIKE ? ESCAPE '\'` that finds this text anywhere, its special characters taken as they are. */
export function containing(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}
