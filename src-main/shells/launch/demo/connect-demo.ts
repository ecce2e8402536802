import type { Engine } from '../../../services/engine-port.ts';
import type { SourceConfigChange } from '#shared/settings/source-config.ts';
import type { OwnSimulators } from './join-demo.ts';

/** As the simulators of the demonstration allow it. What a person changes later stays. */
const FIRST: Readonly<Record<string, SourceConfigChange>> = {
  wildfire: { callsPerMinute: 60, callsPerDay: 1050, callsPerMonth: null },
  'recorded-future': { callsPerMinute: 60, callsPerDay: 5000, callsPerMonth: null },
  'reversinglabs-a1000': { callsPerMinute: 300, callsPerDay: 20_000, callsPerMonth: null },
  // Each hash counts.
  'reversinglabs-titaniumcloud': { callsPerMinute: 30_000, callsPerDay: 200_000, callsPerMonth: null },
  virustotal: { plan: 'paid', callsPerMinute: 3000, callsPerDay: 20_000, callsPerMonth: null, concurrency: 16 },
};

/** Points the sources of a stamped directory at simulators of this process, and switches them on the first time. */
export async function connectDemo(engine: Pick<Engine, 'sources'>, own: OwnSimulators): Promise<void> {
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
}
