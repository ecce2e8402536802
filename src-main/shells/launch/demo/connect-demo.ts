import type { Engine } from '../../../services/engine-port.ts';
import type { SourceConfigChange } from '#shared/settings/source-config.ts';
import { connectSync } from './connect-sync.ts';
import { DEMO_LIMITS } from './demo-limits.ts';
import type { OwnSimulators } from './join-demo.ts';

/** What the simulators allow, asked as fast as they take it. What a person changes later stays. */
const FIRST: Readonly<Record<string, SourceConfigChange>> = {
  ...DEMO_LIMITS,
  virustotal: { plan: 'paid', concurrency: 16, ...DEMO_LIMITS.virustotal },
};

/**
 * Points the sources of a stamped directory at simulators of this process, and switches them on the first time; its sync
 * job, too, whose id this resolves with (null when it was removed).
 */
export async function connectDemo(
  engine: Pick<Engine, 'sources' | 'threatSync'>,
  own: OwnSimulators,
): Promise<number | null> {
  for (const { source, url, options = {} } of own.simulators) {
    const config = await engine.sources.config(source);
    const isNew = !own.connected.includes(source);
    const first: SourceConfigChange = isNew
      ? { ...FIRST[source], options, enabled: true, proxy: { kind: 'none' } }
      : {};
    if (isNew || config.url !== url) {
      await engine.sources.set(source, { ...first, url });
    }
  }
  return connectSync(engine, own.services, own.sync);
}
