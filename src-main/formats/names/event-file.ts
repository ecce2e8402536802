/** The fields of an event that name the file its hashes are of, the most particular one first. */
export const FILE_FIELDS: readonly string[] = [
  'ImageLoaded',
  'TargetFilename',
  'Image',
  'TargetFileName',
  'FileName',
  'ImagePath',
  'Path',
];

/**
 * The file the hashes of an event are of, or ''. An event that loads an image or writes a file names the process as
 * `Image` and the file hashed as `ImageLoaded` or `TargetFilename` (Sysmon, events 6, 7, 15, 23, 26 and 29).
 */
export function fileOfEvent(field: (name: string) => string | undefined): string {
  for (const name of FILE_FIELDS) {
    const value = field(name);
    if (value !== undefined && value !== '' && value !== '-') {
      return value;
    }
  }
  return '';
}

/** The same for the text of an event, one `Name: value` a line. */
export function fileOfEventText(text: string): string {
  if (!text.includes('\n')) {
    return '';
  }
  return fileOfEvent((name) => new RegExp(`(?:^|\\n)[\\t ]*${name}:[\\t ]*([^\\r\\n]*)`).exec(text)?.[1]?.trim());
}
