/**
 * Reputation sources. The code is stored in tables and packed files. Never renumber. `short` is for where room is scarce.
 * `ratesRisk`: little of it does not make a file harmless, and its names are of malware mentioned together with a file.
 */
export const SOURCES = [
  { id: 'wildfire', code: 1, label: 'WildFire', short: 'WildFire', ratesRisk: false },
  { id: 'recorded-future', code: 2, label: 'Recorded Future', short: 'Recorded Future', ratesRisk: true },
  { id: 'reversinglabs-a1000', code: 3, label: 'ReversingLabs A1000', short: 'A1000', ratesRisk: false },
  {
    id: 'reversinglabs-titaniumcloud',
    code: 4,
    label: 'ReversingLabs TitaniumCloud',
    short: 'TitaniumCloud',
    ratesRisk: false,
  },
  { id: 'virustotal', code: 5, label: 'VirusTotal', short: 'VirusTotal', ratesRisk: false },
] as const;

export type SourceId = (typeof SOURCES)[number]['id'];
export const SOURCE_IDS = SOURCES.map((source) => source.id) as [SourceId, ...SourceId[]];

/** The source for a stored code, or null when the code is 0 (no source). */
export function sourceOfCode(code: number): SourceId | null {
  return SOURCES.find((source) => source.code === code)?.id ?? null;
}

/** Sources that rate risk alone. */
export const RISK_SOURCES: ReadonlySet<SourceId> = new Set(
  SOURCES.flatMap(({ id, ratesRisk }) => (ratesRisk ? [id] : [])),
);

export function sourceCode(id: SourceId): number {
  const source = SOURCES.find((candidate) => candidate.id === id);
  return source?.code ?? 0;
}

export function sourceLabel(id: SourceId): string {
  return SOURCES.find((source) => source.id === id)?.label ?? id;
}

/** The name without the vendor's where it has one of its own, for lines that must stay short. */
export function sourceShortLabel(id: SourceId): string {
  return SOURCES.find((source) => source.id === id)?.short ?? id;
}
