import { readPosted } from './document/posted.ts';
import type { SimulatedIntel, TaniumArea, TaniumControl, TaniumStep, TaniumWrites } from './port.ts';
import type { RouteWorld, Write } from './routes/route.ts';

/** What tests asked for, where the server looks at it. */
export interface Steering {
  readonly denied: Set<TaniumArea>;
  counted(what: Write['counts']): void;
  step(step: TaniumStep): void;
  dropsReply(): boolean;
  /** Beside the usual latency. */
  latencyMs(): number;
}

/** The door behind the server's back, and what it steers. */
export function createControl(world: RouteWorld): { control: TaniumControl; steering: Steering } {
  const { sessions, behaviour } = world;
  const denied = new Set<TaniumArea>();
  const counts = { created: 0, replaced: 0, removed: 0, sources: 0, labels: 0, hashList: 0, deploys: 0, scans: 0 };
  const drops = { skip: 0, times: 0 };
  let listener: ((step: TaniumStep) => void) | null = null;
  let slowMs = 0;
  const control: TaniumControl = {
    behaviour,
    ...readings(world),
    writes: (): TaniumWrites => ({ ...counts, total: Object.values(counts).reduce((sum, count) => sum + count, 0) }),
    expireSessions: () => sessions.expireAll(),
    ...tampering(world),
    deny: (area, isDenied) => void (isDenied ? denied.add(area) : denied.delete(area)),
    dropReplyAfterWrite(times = 1, skip = 0) {
      Object.assign(drops, { times, skip });
    },
    onWrite(told) {
      listener = told;
    },
    slow(ms) {
      slowMs = ms;
    },
  };
  const steering: Steering = {
    denied,
    counted(what) {
      counts[what] += 1;
    },
    step: (step) => listener?.(step),
    dropsReply() {
      if (drops.skip > 0) {
        drops.skip -= 1;
        return false;
      }
      drops.times -= 1;
      return drops.times >= 0;
    },
    latencyMs: () => slowMs,
  };
  return { control, steering };
}

type Readings =
  | 'intels'
  | 'terms'
  | 'sources'
  | 'labels'
  | 'labelsOf'
  | 'hashList'
  | 'deploys'
  | 'scans'
  | 'isUndeployed';

function readings({ state }: RouteWorld): Pick<TaniumControl, Readings> {
  return {
    intels: () => [...state.intels.values()],
    terms(sourceName) {
      const isIn = (intel: SimulatedIntel): boolean =>
        sourceName === undefined || state.sources.get(intel.sourceId)?.name === sourceName;
      return [...state.intels.values()]
        .filter(isIn)
        .flatMap((intel) => state.termsOf(intel).map((term) => ({ intelId: intel.id, ...term })));
    },
    sources: () => [...state.sources.values()],
    labels: () => [...state.labels.values()],
    labelsOf: (intelId) =>
      (state.intels.get(intelId)?.labelIds ?? []).map((id) => state.labels.get(id)?.name ?? '').toSorted(),
    hashList: () => [...state.hashList.values()],
    deploys: () => [...state.deploys],
    scans: () => [...state.scans],
    isUndeployed: () => state.isUndeployed,
  };
}

function tampering({
  state,
  options,
}: RouteWorld): Pick<TaniumControl, 'removeIntel' | 'editIntel' | 'addIntel' | 'removeSource'> {
  const put = (
    xml: string,
    about: Pick<SimulatedIntel, 'id' | 'sourceId' | 'labelIds' | 'createdAt'>,
  ): SimulatedIntel => {
    const { terms, ...document } = readPosted({ headers: { type: 'openioc' }, body: Buffer.from(xml) });
    const updatedAt = new Date(options.now()).toISOString();
    const intel = { ...document, ...about, revisionId: state.revision + 1, updatedAt };
    state.apply({ kind: 'intel', intel }, terms);
    return intel;
  };
  return {
    removeIntel: (id) => state.apply({ kind: 'intel-removed', id: existing(state.intels, id).id }),
    editIntel: (id, xml) => void put(xml, aboutOf(existing(state.intels, id))),
    addIntel: (sourceId, xml) =>
      put(xml, {
        id: state.nextId('intels'),
        sourceId: existing(state.sources, sourceId).id,
        labelIds: [],
        createdAt: new Date(options.now()).toISOString(),
      }),
    removeSource: (id) => state.apply({ kind: 'source-removed', id: existing(state.sources, id).id }),
  };
}

function aboutOf(intel: SimulatedIntel): Pick<SimulatedIntel, 'id' | 'sourceId' | 'labelIds' | 'createdAt'> {
  const { id, sourceId, labelIds, createdAt } = intel;
  return { id, sourceId, labelIds, createdAt };
}

/** A test that names what is not there is wrong itself. */
function existing<T>(entries: ReadonlyMap<number, T>, id: number): T {
  const entry = entries.get(id);
  if (entry === undefined) {
    throw new RangeError(`the simulator holds no ${id}`);
  }
  return entry;
}
