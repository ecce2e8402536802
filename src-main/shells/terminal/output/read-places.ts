import { homedir } from 'node:os';
import type { Command } from 'commander';
import { resolveDataDirectory } from '../../../platform/data-directory.ts';
import type { ReadPlaces } from './require-apart.ts';

/** Options that name a file a command reads. */
const READ_OPTIONS = ['base', 'file', 'hashes', 'passwordFile'];

/** What a command reads besides standard input, and the data directory it works on. Looks at nothing but the words. */
export function readPlaces(command: Command, env: Readonly<Record<string, string | undefined>>): ReadPlaces {
  const options: Readonly<Record<string, unknown>> = command.optsWithGlobals();
  // Others name hashes, intakes and the like, and a file may be called so.
  const namesFiles = command.registeredArguments.some((argument) => /file/.test(argument.name()));
  const named = [...(namesFiles ? command.args : []), ...READ_OPTIONS.map((name) => options[name])];
  const data = options['data'];
  return {
    inputs: named.filter((name): name is string => typeof name === 'string' && name !== '-' && name !== ''),
    dataDirectory: resolveDataDirectory(typeof data === 'string' ? data : undefined, {
      platform: process.platform,
      env,
      home: homedir(),
    }),
  };
}
