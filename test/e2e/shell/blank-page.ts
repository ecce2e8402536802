import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A page without features, for tests of the shell around it: it keeps what is dropped and what is pushed. */
export function blankPage(folder: string): string {
  const root = join(folder, 'page');
  mkdirSync(root, { recursive: true });
  writeFileSync(
    join(root, 'index.html'),
    '<!doctype html><html lang="en"><title>Blank</title><script type="module" src="main.js"></script><body>blank',
  );
  writeFileSync(
    join(root, 'main.js'),
    `globalThis.pushed = [];
globalThis.blank = globalThis;
for (const name of ['changed', 'job', 'openFiles']) assay.on(name, (payload) => pushed.push([name, payload]));
addEventListener('dragover', (event) => event.preventDefault());
addEventListener('drop', async (event) => {
  event.preventDefault();
  globalThis.dropped = [...event.dataTransfer.files];
  globalThis.registered = await assay.registerFiles(dropped);
});
document.title = 'Ready';`,
  );
  return root;
}
