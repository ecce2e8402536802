/** What a line 7-Zip writes while it unpacks says. */
export type RunMessage =
  | { readonly kind: 'item'; readonly name: string }
  /** About the item at hand. */
  | { readonly kind: 'complaint'; readonly text: string }
  /** About no item: what came before it stands. */
  | { readonly kind: 'break'; readonly text: string }
  | { readonly kind: 'summary' };

/** `- ` unpacks, `T ` only tests (what it does when it can give nothing), `. ` passes over. */
const ITEM = /^[-T.] (.*)$/s;
const SUMMARY = /^(?:Everything is Ok|Sub items Errors: \d+|Archives with (?:Errors|Warnings): \d+)$/;

/** Null for a line that says nothing about a member: banners, properties, empty lines. */
export function readRunMessage(line: string): RunMessage | null {
  const item = ITEM.exec(line);
  if (item !== null) {
    return { kind: 'item', name: item[1] ?? '' };
  }
  if (/^ERROR: Can't allocate required memory!?$/.test(line)) {
    return { kind: 'break', text: line };
  }
  if (line.startsWith('ERROR')) {
    return { kind: 'complaint', text: line };
  }
  return SUMMARY.test(line) ? { kind: 'summary' } : null;
}

/** Why an archive is given up that needs more memory: a sentence part for people. */
export const NO_MEMORY = 'unpacking takes more memory than the 1,280 MiB it may have';

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/Unsupported Method/i, 'it is packed by a method that cannot be unpacked here'],
  [/CRC Failed/i, 'its checksum does not fit its content'],
  [/Unexpected end/i, 'its packed data is cut off'],
  [/allocate|memory/i, NO_MEMORY],
];

/** A complaint of 7-Zip about a member as a sentence part for people. */
export function complaintReason(text: string): string {
  return REASONS.find(([pattern]) => pattern.test(text))?.[1] ?? 'its packed data is damaged';
}

/** Why 7-Zip cannot open an archive at all, from what it wrote, as a sentence part for people. */
export function openingReason(complaints: readonly string[]): string {
  const said = complaints.join('\n');
  if (/^Unexpected end/im.test(said)) {
    return 'its end, which lists the members, is missing: it is cut off, or the first part of an archive that was split';
  }
  return /^Unsupported Method/im.test(said)
    ? 'its list of members is packed by a method that cannot be unpacked here'
    : 'its list of members is damaged';
}
