import type { Network, NetworkRules } from './port.ts';

/** The network of a data directory: every exchange obeys its rules. Nothing is loaded before the first client is made. */
export function createNetwork(rules: NetworkRules): Network {
  void rules;
  return {
    client: () => {
      throw new Error('The network is not built yet.');
    },
  };
}
