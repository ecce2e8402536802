/** As long as the shortest digest; longer runs as well. */
const DIGITS = /[0-9a-f]{32,}/gi;

/**
 * A text for people with its hashes written in groups of eight digits, so that nobody who collects hashes from texts takes
 * what a person mentions for a file of the report. The text as it was written stands with the facts of the report.
 */
export function groupedDigits(text: string): string {
  return text.replaceAll(DIGITS, (digits) => (digits.match(/.{1,8}/g) ?? []).join(' '));
}
