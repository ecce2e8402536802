#!/usr/bin/env node
// The `assay` command. Settles which Node runs it, then loads the bundle when it is as new as the sources, else these.
// The very first run after `npm ci` builds the bundle, as installing runs no scripts.
import { spawnSync } from 'child_process';
import { existsSync } from 'fs';
import * as nodeModule from 'module';
import { dirname, join } from 'path';
import { fileURLToPath, pathToFileURL } from 'url';
import { continueOnSupportedNode, isFresh, returnToCallersFolder } from '../launch/node-runtime.mjs';

const script = fileURLToPath(import.meta.url);
const root = dirname(dirname(dirname(dirname(script))));

if (continueOnSupportedNode(root, script)) {
  returnToCallersFolder(root, 'assay');
  // Never the shared temporary folder: code cached there could be another user's.
  nodeModule.enableCompileCache(join(root, '.build', 'compile-cache'));
  const bundle = join(root, '.build', 'main', 'assay.js');
  const builder = join(root, '.scripts', 'build.mjs');
  if (!existsSync(bundle) && existsSync(builder) && existsSync(join(root, 'node_modules', 'vite'))) {
    // Where it fails, as in a folder of another user, the sources do.
    spawnSync(process.execPath, [builder, 'terminal'], { stdio: 'ignore', timeout: 30000 });
  }
  const sources = [join(root, 'src-main'), join(root, 'src-shared')];
  const entry = isFresh(bundle, sources) ? bundle : join(root, 'src-main', 'shells', 'terminal', 'main.ts');
  import(pathToFileURL(entry).href)
    .then(function (loaded) {
      return loaded.main(process.argv.slice(2));
    })
    .then(function (code) {
      process.exit(code);
    })
    .catch(function (error) {
      const message = error instanceof Error ? error.message : String(error);
      process.stderr.write('assay: could not start: ' + message.split('\n')[0] + '\n');
      if (process.env.ASSAY_DEBUG === '1' && error instanceof Error) {
        process.stderr.write(error.stack + '\n');
      }
      process.exit(1);
    });
}
