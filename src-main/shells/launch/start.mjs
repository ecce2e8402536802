#!/usr/bin/env node
// `npm start [FILES]`. Settles which Node runs it, then decides which shell opens.
import { dirname } from 'path';
import { fileURLToPath } from 'url';
import { continueOnSupportedNode, returnToCallersFolder } from './node-runtime.mjs';

const script = fileURLToPath(import.meta.url);
const root = dirname(dirname(dirname(dirname(script))));

if (continueOnSupportedNode(root, script)) {
  returnToCallersFolder(root, 'start');
  import('./start.ts')
    .then(function (loaded) {
      return loaded.start(process.argv.slice(2), root);
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
