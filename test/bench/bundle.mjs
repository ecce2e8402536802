// `node test/bench/bundle.mjs ENTRY FOLDER`: bundles a script of this folder with the worker threads it starts, as a build does for
// the shells: where sources are run, each thread keeps a compiler, too, which is most of the memory.
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { terminalBuild } from '../../.scripts/targets.mjs';

const [entry = '', folder = ''] = process.argv.slice(2);
const root = fileURLToPath(new URL('../..', import.meta.url));
const target = terminalBuild(root, folder);
const { rolldownOptions } = target.build;
const input = { ...rolldownOptions.input, [entry]: `${root}test/bench/${entry}.ts` };
await build({ ...target, build: { ...target.build, rolldownOptions: { ...rolldownOptions, input } } });
