import type { Engine } from '../../../services/engine-port.ts';
import type { SourceConfigChange } from '#shared/settings/source-config.ts';
import type { Demo } from './join-demo.ts';

/** As the simulators of the demonstration allow it. What a person changes later stays. */
const FIRST: Readonly<Record<string, SourceConfigChange>> = {
  wildfire: { callsPerMinute: 60, callsPerDay: 1050, callsPerMonth: null },
  virustotal: { plan: 'paid', callsPerMinute: 3000, callsPerDay: 20_000, callsPerMonth: null, concurrency: 16 },
};

/**
 * Points the sources of a stamped directory at its simulators, and switches them on the first time. Only the process that
 * runs them does: the others find it done.
 */
export async function connectDemo(engine: Pick<Engine, 'sources'>, demo: Demo): Promise<void> {
  if (!demo.isOurs) {
    return;
  }
  for (const { source, url } of demo.simulators) {
    const config = await engine.sources.config(source);
    const first: SourceConfigChange = demo.isNew ? { ...FIRST[source], enabled: true, proxy: { kind: 'none' } } : {};
    if (demo.isNew || config.url !== url) {
      await engine.sources.set(source, { ...first, url });
    }
  }
  demo.connected();
}
