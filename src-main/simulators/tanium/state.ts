import { termsIn } from './document/posted.ts';
import type {
  ListedHash,
  SearchTerm,
  SimulatedDeploy,
  SimulatedIntel,
  SimulatedLabel,
  SimulatedScan,
  SimulatedSource,
} from './port.ts';

/** One change of what the server holds. All it holds follows from its changes in order. */
export type Change =
  | { readonly kind: 'source'; readonly source: SimulatedSource }
  | { readonly kind: 'source-removed'; readonly id: number }
  | { readonly kind: 'intel'; readonly intel: SimulatedIntel }
  | { readonly kind: 'intel-removed'; readonly id: number }
  | { readonly kind: 'label'; readonly label: SimulatedLabel }
  | { readonly kind: 'listed'; readonly entry: ListedHash }
  | { readonly kind: 'unlisted'; readonly id: number }
  | { readonly kind: 'deploy'; readonly deploy: SimulatedDeploy }
  | { readonly kind: 'scan'; readonly scan: SimulatedScan };

/** What the server holds, by id and in its order. Ids are never given twice. */
export interface TaniumState {
  readonly sources: ReadonlyMap<number, SimulatedSource>;
  readonly intels: ReadonlyMap<number, SimulatedIntel>;
  readonly labels: ReadonlyMap<number, SimulatedLabel>;
  readonly hashList: ReadonlyMap<number, ListedHash>;
  readonly deploys: readonly SimulatedDeploy[];
  readonly scans: readonly SimulatedScan[];
  /** Counts up with every document that came, changed or went. */
  readonly revision: number;
  /** Something changed since the last deploy. */
  readonly isUndeployed: boolean;
  /** `terms`, where they are at hand, saves reading the document again. */
  apply(change: Change, terms?: readonly SearchTerm[]): void;
  /** The next id of its kind. */
  nextId(of: 'sources' | 'intels' | 'labels' | 'hashList'): number;
  termsOf(intel: SimulatedIntel): readonly SearchTerm[];
  hashEntryOf(digest: string): ListedHash | null;
}

/** An empty server. Each change that is applied is told to `kept`. */
export function createState(kept: (change: Change) => void): TaniumState {
  const maps = {
    sources: new Map<number, SimulatedSource>(),
    intels: new Map<number, SimulatedIntel>(),
    labels: new Map<number, SimulatedLabel>(),
    hashList: new Map<number, ListedHash>(),
  };
  const lastIds = { sources: 0, intels: 0, labels: 0, hashList: 0 };
  const byDigest = new Map<string, ListedHash>();
  const terms = new WeakMap<SimulatedIntel, readonly SearchTerm[]>();
  const deploys: SimulatedDeploy[] = [];
  const scans: SimulatedScan[] = [];
  let revision = 0;
  let isUndeployed = false;
  const put = (of: keyof typeof maps, entry: { readonly id: number }): void => {
    (maps[of] as Map<number, typeof entry>).set(entry.id, entry);
    lastIds[of] = Math.max(lastIds[of], entry.id);
  };
  const touched = (): void => {
    revision += 1;
    isUndeployed = true;
  };
  const removeIntel = (id: number): void => {
    maps.intels.delete(id);
    touched();
  };
  const forgetDigests = (id: number): void =>
    digestsOf(maps.hashList.get(id)).forEach((digest) => byDigest.delete(digest));
  const acts: { readonly [K in Change['kind']]: (change: Extract<Change, { kind: K }>) => void } = {
    source: ({ source }) => put('sources', source),
    'source-removed': ({ id }) => {
      maps.sources.delete(id);
      [...maps.intels.values()].filter((intel) => intel.sourceId === id).forEach((intel) => removeIntel(intel.id));
    },
    intel: ({ intel }) => {
      put('intels', intel);
      touched();
    },
    'intel-removed': ({ id }) => removeIntel(id),
    label: ({ label }) => put('labels', label),
    listed: ({ entry }) => {
      forgetDigests(entry.id);
      put('hashList', entry);
      digestsOf(entry).forEach((digest) => byDigest.set(digest, entry));
    },
    unlisted: ({ id }) => {
      forgetDigests(id);
      maps.hashList.delete(id);
    },
    deploy: ({ deploy }) => {
      deploys.push(deploy);
      isUndeployed = false;
    },
    scan: ({ scan }) => void scans.push(scan),
  };
  return {
    ...maps,
    deploys,
    scans,
    get revision() {
      return revision;
    },
    get isUndeployed() {
      return isUndeployed;
    },
    apply(change, known) {
      if (change.kind === 'intel' && known !== undefined) {
        terms.set(change.intel, known);
      }
      (acts[change.kind] as (change: Change) => void)(change);
      kept(change);
    },
    nextId: (of) => lastIds[of] + 1,
    termsOf(intel) {
      const found = terms.get(intel) ?? termsIn(intel);
      terms.set(intel, found);
      return found;
    },
    hashEntryOf: (digest) => byDigest.get(digest.toLowerCase()) ?? null,
  };
}

function digestsOf(entry: ListedHash | undefined): readonly string[] {
  return entry === undefined ? [] : [entry.md5, entry.sha1, entry.sha256].filter((digest) => digest !== '');
}
