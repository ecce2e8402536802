import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { programFolder } from '#main/platform/resources.ts';
import { assay } from './terminal/assay.ts';

export const readme = readFileSync(join(programFolder(), 'README.md'), 'utf8');

/** Commands for a shell, in blocks and in running text, in their order. */
export const commands = [...readme.matchAll(/npm run -s assay -- ([^`\n]+)/g)].map(([, words = '']) => words.trim());

/** The folder the README gives the demonstration; its commands are run on a stamped directory of the test's own. */
export const DEMO = '/tmp/assay-demo';

export const isOfDemo = (line: string): boolean => line.startsWith(`--data ${DEMO} `);

/** How a command ends that works as it is written. */
export const WORKED = { code: 0, complaints: [] };

/** Runs a command as it is written, on this data directory. */
export async function runAsWritten(
  line: string,
  data: string,
): Promise<{ readonly code: number | null; readonly complaints: readonly string[] }> {
  const words = wordsOf(line).map((word) => (word === DEMO ? data : word));
  const { code, err } = await assay(words, { env: { ASSAY_DATA: data } });
  const complaints = err.split('\n').filter((said) => said.startsWith('assay: ') && !said.endsWith('are made up.'));
  return { code, complaints };
}

/** Words of a command line as a shell would split them; double quotes only, which is all the README uses. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}
