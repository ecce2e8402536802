import { RISK_SOURCES, type SourceId } from './source.ts';

/** The threat name of an answer as people read it: "Emotet", or "related: Emotet" where it is only mentioned with it. */
export function threatText(source: SourceId, threat: string | null): string | null {
  return threat !== null && RISK_SOURCES.has(source) ? `related: ${threat}` : threat;
}
