import { expect, it } from 'vitest';
import type { SyncJobChange } from '#shared/settings/sync-job.ts';
import { syncWorld, termsOf, type SyncWorld } from './world.ts';

/** Numbers below `below` that follow from a seed. */
function drawer(seed: number): (below: number) => number {
  let state = seed * 7919;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const CHANGES: readonly SyncJobChange[] = [
  { packageSize: 3 },
  { packageSize: 40 },
  { filesTo: 'hash-list' },
  { filesTo: 'both' },
  { filesTo: 'packages' },
  { networkTerms: 'quick-add' },
  { networkTerms: 'documented' },
  { own: ['h7.attacker.net'] },
  { own: [] },
  { minRating: 3 },
  { minRating: null },
  { labels: 0 },
  { labels: 3 },
];

/** A job to which things happen in any order. */
class Story {
  readonly #draw: (below: number) => number;
  readonly #ids: number[] = [];
  readonly #recalled = new Set<number>();
  #made = 0;
  #name = 0;

  readonly world: SyncWorld;
  readonly jobId: number;

  constructor(world: SyncWorld, jobId: number, seed: number) {
    [this.world, this.jobId] = [world, jobId];
    this.#draw = drawer(seed);
    for (let n = 0; n < 12; n += 1) {
      this.#put();
    }
  }

  async step(): Promise<string> {
    const { threatConnect, tanium, engine } = this.world;
    const sync = engine.threatSync;
    const id = this.#ids[this.#draw(this.#ids.length)] ?? 0;
    const what = this.#draw(12);
    switch (what) {
      case 0:
      case 1:
        this.#put();
        return 'put';
      case 2:
        threatConnect.control.change(id, { rating: this.#draw(6), tags: [`tag ${this.#draw(3)}`] });
        return 'change';
      case 3:
        threatConnect.control.setActive(id, this.#draw(2) === 0);
        return 'active';
      case 4:
        return this.#run('run');
      case 5:
        return this.#run('reconcile');
      case 6: {
        const change = CHANGES[this.#draw(CHANGES.length)] ?? {};
        await sync.set({ jobId: this.jobId, change });
        return JSON.stringify(change);
      }
      case 7: {
        const scope = { kind: 'indicators' as const, ids: [id] };
        const asked = await sync.recall({ jobId: this.jobId, scope, dryRun: false });
        const run = await this.world.ended(asked.id);
        if (run.counts.withdrawn + run.counts.held > 0) {
          this.#recalled.add(id);
        }
        return `recall ${id}: ${run.state} ${run.message}`;
      }
      case 8: {
        const { changed } = await sync.release({ jobId: this.jobId, ids: [id], release: true });
        if (changed > 0) {
          this.#recalled.delete(id);
        }
        return 'release';
      }
      case 9: {
        const own = tanium.control.intels().filter(({ type }) => type === 'openioc');
        const one = own[this.#draw(Math.max(own.length, 1))];
        if (one !== undefined) {
          tanium.control.removeIntel(one.id);
        }
        return 'lose a document';
      }
      case 10:
        this.#name += 1;
        await sync.set({ jobId: this.jobId, name: `Feed ${this.#name}`, change: {} });
        return 'rename';
      default:
        tanium.control.dropReplyAfterWrite(1, this.#draw(3));
        return 'lose an answer';
    }
  }

  async #run(kind: 'run' | 'reconcile'): Promise<string> {
    const run = await this.world.run(this.jobId, kind);
    return `${kind}: ${run.state} ${run.message}`;
  }

  #put(): void {
    const n = this.#made;
    this.#made += 1;
    const common = { owner: 'Example Corp', rating: this.#draw(6), tags: [`tag ${this.#draw(3)}`] };
    const { control } = this.world.threatConnect;
    this.#ids.push(
      n % 3 === 0
        ? control.put({ ...common, type: 'File', md5: n.toString(16).padStart(32, 'a') })
        : control.put({ ...common, type: 'Host', summary: `h${n}.attacker.net` }),
    );
  }

  /** What is to be searched for, by summary, at the end. */
  expected(config: { readonly own: readonly string[]; readonly minRating: number | null }): string[] {
    return this.world.threatConnect.control
      .indicators()
      .filter(({ active, rating, summary, id }) => {
        const isRated = config.minRating === null || (rating ?? 0) >= config.minRating;
        return active && isRated && !config.own.includes(summary) && !this.#recalled.has(id);
      })
      .map(({ summary, type }) => (type === 'File' ? summary.slice(0, 32) : summary).toLowerCase())
      .sort();
  }
}

it.each([2, 8])(
  'whatever happens to a job in any order, a comparison makes it right, and another one does nothing: %i',
  async (seed) => {
    const world = await syncWorld();
    const { id: jobId } = await world.job({ packageSize: 6, labels: 2, guardCount: 10_000 });
    const story = new Story(world, jobId, seed);
    const told: string[] = [];
    for (let step = 0; step < 25; step += 1) {
      told.push(await story.step());
    }
    world.tanium.control.dropReplyAfterWrite(0);
    told.push((await world.run(jobId, 'reconcile')).message);
    const { jobs } = await world.engine.threatSync.jobs();
    const { config, sent } = jobs.find(({ id }) => id === jobId) ?? { config: null, sent: -1 };
    if (config === null) {
      throw new Error('the job is not there');
    }
    const listed = world.tanium.control.hashList().map(({ md5 }) => md5);
    const inPackages = termsOf(world.tanium)
      .map((term) => term.split(' ')[1]?.toLowerCase() ?? '')
      .filter((term, at, all) => all.indexOf(term) === at);
    const expected = story.expected(config);
    const isFile = (term: string): boolean => /^[0-9a-f]{32}$/.test(term);
    const ofPackages = expected.filter((term) => config.filesTo !== 'hash-list' || !isFile(term));
    const ofList = config.filesTo === 'packages' ? [] : expected.filter(isFile);
    expect([told, inPackages.sort(), listed.sort(), sent]).toEqual([told, ofPackages, ofList, expected.length]);
    const roots = world.tanium.control
      .intels()
      .filter(({ type }) => type === 'openioc')
      .map(({ intrinsicId }) => intrinsicId);
    expect([told, roots.length]).toEqual([told, new Set(roots).size]);
    const writes = world.tanium.control.writes();
    expect((await world.run(jobId, 'reconcile')).state).toBe('done');
    expect([told, world.tanium.control.writes()]).toEqual([told, writes]);
    expect(world.faults).toEqual([]);
  },
);
