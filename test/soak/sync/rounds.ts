import { seededRandom } from '#main/simulators/server/draw.ts';
import type { TaniumSimulator } from '#main/simulators/tanium/port.ts';
import type { ThreatConnectSimulator } from '#main/simulators/threatconnect/simulator.ts';
import type { SyncTask } from './messages.ts';

/** Both services of a world. */
export interface SyncServices {
  readonly threatConnect: ThreatConnectSimulator;
  readonly tanium: TaniumSimulator;
}

/** Something happens at the services, then the job does something about it. */
export interface Round {
  readonly name: string;
  /** The same for the same seed and the same state of both services. */
  readonly happen: (services: SyncServices, random: () => number) => void;
  readonly task: (services: SyncServices) => SyncTask;
}

const RUN = (): SyncTask => ({ kind: 'run', run: 'run' });
const RECONCILE = (): SyncTask => ({ kind: 'run', run: 'reconcile' });
/** A document of somebody else in the job's own source. */
export const FOREIGN = 'Written by somebody else';

/** What happens in a soak, in this order. Ends with everything compared once more. */
export const ROUNDS: readonly Round[] = [
  { name: 'first run', happen: () => undefined, task: RUN },
  { name: 'first reconcile', happen: putForeign, task: RECONCILE },
  { name: 'changes', happen: (services, random) => change(services, random, 0.01), task: RUN },
  {
    name: 'an owner refuses',
    happen(services, random) {
      services.threatConnect.control.forbid('Common Community');
      change(services, random, 0.005);
    },
    task: RECONCILE,
  },
  {
    name: 'growth',
    happen(services, random) {
      services.threatConnect.control.allow('Common Community');
      grow(services, random, 0.1);
    },
    task: RUN,
  },
  { name: 'one in six deleted', happen: deleteMany, task: RECONCILE },
  { name: 'recall', happen: () => undefined, task: (services) => ({ kind: 'recall', ids: someFiles(services, 0) }) },
  { name: 'release', happen: () => undefined, task: (services) => ({ kind: 'release', ids: someFiles(services, 1) }) },
  { name: 'released ones go', happen: () => undefined, task: RUN },
  {
    name: 'an owner vanishes',
    happen: ({ threatConnect }) => threatConnect.control.dropOwner('Café des Menaces'),
    task: RECONCILE,
  },
  { name: 'others touch documents', happen: tamper, task: RECONCILE },
  { name: 'inactive ones return', happen: (services, random) => reactivate(services, random), task: RECONCILE },
];

/** A stream of numbers for one round, the same in each world. */
export function randomOf(seed: number, round: number): () => number {
  return seededRandom(Math.imul(seed, 7_919) + round);
}

/** Deleted, inactive, changed in tags, rating or value, and new ones: a share of all of each. */
function change({ threatConnect: { control } }: SyncServices, random: () => number, share: number): void {
  for (const { id, type } of control.indicators()) {
    const drawn = random() / share;
    if (drawn < 1) {
      control.remove(id);
    } else if (drawn < 2) {
      control.setActive(id, false);
    } else if (drawn < 3) {
      control.change(id, { tags: [`tag ${Math.floor(random() * 9)}`, 'changed'] });
    } else if (drawn < 4) {
      control.change(id, { rating: Math.floor(random() * 6), confidence: Math.floor(random() * 101) });
    } else if (drawn < 5 && type === 'Host') {
      control.put({ type, summary: `moved-${id}.sync.simulated`, owner: 'Example Corp', id });
    }
  }
  grow({ threatConnect: { control } }, random, share);
}

function grow(
  { threatConnect: { control } }: { readonly threatConnect: Pick<ThreatConnectSimulator, 'control'> },
  random: () => number,
  share: number,
): void {
  const count = Math.ceil(control.count() * share);
  for (let n = 0; n < count; n += 1) {
    const owner = n % 2 === 0 ? 'Example Corp' : 'Open "Feed", daily';
    const rest = { owner, rating: 3, confidence: 50, tags: [`tag ${n % 7}`] };
    const drawn = Math.floor(random() * 2 ** 48)
      .toString(16)
      .padStart(12, '0');
    if (n % 3 === 0) {
      control.put({ ...rest, type: 'File', sha256: drawn.repeat(6).slice(0, 64), md5: drawn.repeat(3).slice(0, 32) });
    } else {
      control.put({ ...rest, type: 'Host', summary: `new-${drawn}.sync.simulated` });
    }
  }
}

function deleteMany({ threatConnect: { control } }: SyncServices, random: () => number): void {
  for (const { id } of control.indicators()) {
    if (random() < 1 / 6) {
      control.remove(id);
    }
  }
}

function reactivate({ threatConnect: { control } }: SyncServices, random: () => number): void {
  for (const { id, active } of control.indicators()) {
    if (!active && random() < 0.5) {
      control.setActive(id, true);
    }
  }
}

/** Every hundredth file, or every other of those. */
function someFiles({ threatConnect: { control } }: SyncServices, skip: 0 | 1): number[] {
  const files = control.indicators().filter(({ type, active }) => type === 'File' && active);
  return files
    .filter((_, index) => index % 100 === 7)
    .filter((_, index) => index % (skip + 1) === 0)
    .map(({ id }) => id)
    .slice(0, 200);
}

function putForeign({ tanium: { control } }: SyncServices): void {
  const [own] = control.intels().filter(({ type }) => type === 'openioc');
  if (own === undefined) {
    throw new Error('the first run wrote no document');
  }
  const xml = own.contents
    .replaceAll(own.intrinsicId, '0f0e0d0c-0b0a-4908-8706-050403020100')
    .replaceAll(own.name, FOREIGN);
  control.addIntel(own.sourceId, xml);
  control.addIntel(1, xml.replaceAll('0f0e0d0c', '1f0e0d0c'));
}

/** Somebody removes one document of the job and writes into two others. */
function tamper({ tanium: { control } }: SyncServices): void {
  const own = control
    .intels()
    .filter(({ type, name }) => type === 'openioc' && name !== FOREIGN)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const [first, second, third] = [own[0], own[Math.floor(own.length / 2)], own.at(-1)];
  if (first === undefined || second === undefined || third === undefined || own.length < 3) {
    throw new Error('there are too few documents to be touched');
  }
  control.removeIntel(first.id);
  control.editIntel(
    second.id,
    third.contents.replaceAll(third.intrinsicId, second.intrinsicId).replaceAll(third.name, second.name),
  );
  control.editIntel(
    third.id,
    third.contents.replace(/<Indicator operator="OR"/, '<!-- edited --><Indicator operator="OR"'),
  );
}
