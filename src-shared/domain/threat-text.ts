import type { SourceId } from './source.ts';

/** Sources whose name for a threat is malware that is mentioned together with a file, and not a name of it. */
const CO_MENTIONS: ReadonlySet<SourceId> = new Set(['recorded-future']);

/** The threat name of an answer as people read it: "Emotet", or "related: Emotet" where it is only mentioned with it. */
export function threatText(source: SourceId, threat: string | null): string | null {
  return threat !== null && CO_MENTIONS.has(source) ? `related: ${threat}` : threat;
}
