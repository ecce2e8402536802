import type { Provider } from '#main/providers/port.ts';
import type { Simulator } from '#main/simulators/port.ts';
import type { SourceUnderTest } from './source-under-test.ts';

/** The same source asked by its single call: it has to do everything alike, one digest at a time. */
export function bySingleCall<S extends Simulator>(
  source: Omit<SourceUnderTest<S>, 'batch' | 'most'>,
): SourceUnderTest<S> {
  const { provider } = source;
  const single: Provider = {
    ...provider,
    async ask(hashes, kind, context, signal) {
      const [hash] = hashes;
      if (hash === undefined || hashes.length > 1 || provider.askOne === undefined) {
        throw new RangeError(`a single call takes one hash, not ${hashes.length}`);
      }
      return provider.askOne(hash, kind, context, signal);
    },
  };
  return { ...source, provider: single, most: 1, batch: null };
}
