import type { SecretName } from './port.ts';
import { problemOf } from './secret-value.ts';

/** Opens the passphrase file where nobody can type. */
export const PASSPHRASE_VARIABLE = 'ASSAY_PASSPHRASE';

type Environment = Readonly<Record<string, string | undefined>>;

/** The variable that may hold a secret: ASSAY_VIRUSTOTAL_KEY for `virustotal`, ASSAY_VIRUSTOTAL_PROXY for its proxy. */
export function secretVariable(name: SecretName): string {
  const isProxy = name.endsWith('-proxy');
  const source = isProxy ? name.slice(0, -'-proxy'.length) : name;
  return `ASSAY_${source.replaceAll('-', '_').toUpperCase()}_${isProxy ? 'PROXY' : 'KEY'}`;
}

/** What the environment says of a secret: a value, a sentence why its value cannot be one, or null when it is unset. */
export function fromEnvironment(
  env: Environment,
  name: SecretName,
): { readonly value: string } | { readonly fault: string } | null {
  const variable = secretVariable(name);
  const raw = env[variable];
  if (raw === undefined || raw.trim() === '') {
    return null;
  }
  const value = raw.trim();
  const problem = problemOf(value);
  return problem === null ? { value } : { fault: `The environment variable ${variable} ${problem}.` };
}
