import { createClient } from './client.ts';
import type { Network, NetworkRules } from './port.ts';

/**
 * The network of a data directory: every exchange obeys its rules. Nothing is loaded before the first exchange.
 * `env` holds the variables that name the system's proxy.
 */
export function createNetwork(
  rules: NetworkRules,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Network {
  return { client: (options) => createClient(rules, options, env) };
}
