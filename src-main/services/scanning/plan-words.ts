import { grouped } from '#shared/domain/grouped.ts';
import { DIGEST_KINDS, DIGEST_LABEL } from '#shared/domain/hash.ts';
import { sourceLabel, type SourceId } from '#shared/domain/source.ts';
import type { ScanSource } from './chosen-sources.ts';

/** Why the hash of an empty file is not asked about. */
export const EMPTY_FILE = 'The hash of an empty file. Sources are not asked about it.';
export const NO_SOURCE =
  'No source is enabled. Enable one under Sources, or with "assay sources enable NAME", then plan again.';

/** Why a source cannot be asked about digests of other kinds. */
export function takesNot({ label, provider }: ScanSource): string {
  const others = DIGEST_KINDS.filter((kind) => !provider.facts.takes.includes(kind)).map((kind) => DIGEST_LABEL[kind]);
  return `${label} takes no ${listed(others, 'or')}, and no other digest of these files is known.`;
}

/** Why no source of the scan can be asked about some hashes. */
export function takenByNone(chosen: readonly ScanSource[]): string {
  const [only, ...others] = chosen;
  if (only === undefined) {
    return 'No source is enabled.';
  }
  return others.length === 0
    ? takesNot(only)
    : `${listed(
        chosen.map(({ label }) => label),
        'and',
      )} take none of the digests these files are known by.`;
}

/** Why a hash is left out of a scan that may make only so many calls. */
export function overLimit(maxCalls: number): string {
  return `Left out: the scan may make ${maxCalls === 1 ? 'one call' : `${grouped(maxCalls)} calls`} at the most.`;
}

/** Why hashes of a list under embargo are not asked about. */
export function underEmbargo(title: string | null, isThis: boolean): string {
  if (isThis) {
    return 'This list is under embargo: its hashes are asked about nowhere.';
  }
  return `Also in ${title ?? 'a list'}, which is under embargo: asked about nowhere.`;
}

/** What so many single calls are expected for; empty where none follow. */
export function followedBy({ provider, config }: ScanSource, singles: number): string {
  const kind = provider.facts.singleCalls?.(config) ?? null;
  if (kind === null || singles === 0) {
    return '';
  }
  const calls = singles === 1 ? 'One single call is' : `About ${grouped(singles)} single calls are`;
  return kind === 'details'
    ? `${calls} expected for details of what it calls malicious or suspicious.`
    : `${calls} expected to look elsewhere for what it does not have.`;
}

/** What a reader must know before a scan is started. */
export function notesOf(
  chosen: readonly ScanSource[],
  disabled: readonly SourceId[],
  isWanted: (source: SourceId) => boolean,
  at: { readonly isOffline: boolean; readonly now: number; readonly ask: readonly SourceId[] },
): string[] {
  const notes: string[] = [];
  if (chosen.length === 0) {
    notes.push(NO_SOURCE);
  }
  for (const source of disabled.filter(isWanted)) {
    notes.push(`${sourceLabel(source)} is disabled and is not asked.`);
  }
  if (at.isOffline && chosen.length > 0) {
    notes.push('Assay is offline: what is queued waits until it is online again.');
  }
  for (const source of chosen) {
    notes.push(...stateNotes(source, at.now));
  }
  if (at.ask.length > 0) {
    const labels = listed(at.ask.map(sourceLabel), 'and');
    notes.push(`The hashes are sent to ${labels}. File names, paths and other columns of the list stay here.`);
  }
  return notes;
}

function stateNotes({ label, notReady, state }: ScanSource, now: number): string[] {
  if (notReady !== null) {
    return [`${notReady} What is queued for ${label} waits until it can be asked.`];
  }
  if (state === null || state.state === 'ready' || (state.until !== null && state.until <= now)) {
    return [];
  }
  if (state.state === 'paused') {
    return [`${label} is paused: what is queued for it waits until it is resumed.`];
  }
  const until = state.until === null ? '' : ` until ${new Date(state.until).toISOString().slice(11, 16)} UTC`;
  const what = state.state === 'stopped' ? 'is stopped' : `is not asked${until}`;
  return [`${label} ${what}.${state.reason === null ? '' : ` ${state.reason}`}`];
}

function listed(words: readonly string[], joiner: 'and' | 'or'): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${joiner} ${last}`;
}
