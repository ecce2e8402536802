import { describe, expect, it } from 'vitest';
import { defaultSettings } from '#shared/settings/schema.ts';
import type { Database } from '#main/db/port.ts';
import { createEffects } from '#main/services/life/effects/effects.ts';
import { scriptedSource } from '../../integration/outbound/scripted-source.ts';

const NEVER = new AbortController().signal;

/** Effects over nothing, that tell how often items were passed over and a purge was previewed. */
function world() {
  const done = { passes: 0, previews: 0 };
  const state = { seq: 1, isFailing: false };
  const answers: Readonly<Record<string, () => unknown>> = {
    sourceStates: () => [],
    lastSeq: () => state.seq,
    databaseSizes: () => [],
    lifeTotals: () => {
      done.passes += 1;
      return { totals: [], next: null, last: 0 };
    },
  };
  const provider = scriptedSource('wildfire');
  const effects = createEffects({
    database: { read: async (name: string) => answers[name]?.() } as unknown as Database,
    settings: { get: async () => defaultSettings() },
    sources: { providers: [provider], config: async () => ({ ...provider.facts.defaults, enabled: true }) },
    clock: { now: () => 1_800_000_000_000 },
    preview: async () => {
      done.previews += 1;
      if (state.isFailing) {
        throw new Error('an intake cannot be read');
      }
      return { items: done.previews, files: 0 };
    },
    size: async () => ({ bytes: 1, cap: 2 }),
  });
  return { effects, done, state };
}

const draft = (settings: object, wildfire: object = {}) => ({ settings, sources: { wildfire } });

describe('the effect of a draft', () => {
  it('does again only what the changed field bears on', async () => {
    const { effects, done } = world();
    await effects(draft({}), NEVER);
    await effects(draft({ rescanShare: 10, maxDatabaseMiB: 100, tellFlips: false }), NEVER);
    expect(done).toEqual({ passes: 1, previews: 1 });
    await effects(draft({ removeItemDays: 5 }), NEVER);
    expect(done).toEqual({ passes: 1, previews: 2 });
    await effects(draft({ removeItemDays: 5, rescanItemDays: 5 }), NEVER);
    expect(done).toEqual({ passes: 2, previews: 2 });
    await effects(draft({ removeItemDays: 5, rescanItemDays: 5 }, { rescans: false }), NEVER);
    expect(done).toEqual({ passes: 3, previews: 2 });
  });

  it('is counted afresh when anything was written', async () => {
    const { effects, done, state } = world();
    expect((await effects(draft({}), NEVER)).purge.items).toBe(1);
    state.seq += 1;
    expect((await effects(draft({}), NEVER)).purge.items).toBe(2);
    expect(done).toEqual({ passes: 2, previews: 2 });
  });

  it('remembers nothing of what failed', async () => {
    const { effects, state } = world();
    state.isFailing = true;
    await expect(effects(draft({}), NEVER)).rejects.toThrow('an intake cannot be read');
    state.isFailing = false;
    expect((await effects(draft({}), NEVER)).purge.items).toBe(2);
  });
});
