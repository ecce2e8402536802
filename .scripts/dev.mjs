// `npm run dev`: the window with hot reload. In Electron when its runtime is present (electron-vite reloads the page and
// restarts main), else in an installed browser: vite serves the page, Node restarts the shell when its sources change.
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findBrowser } from '../src-main/shells/chromium/find-browser.ts';
import { electronExecutable } from '../src-main/shells/launch/electron-runtime.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = process.argv.slice(2).map((file) => resolve(process.env.INIT_CWD ?? '.', file));
const wanted = process.env.ASSAY_SHELL;
const electron = electronExecutable(root, process.platform, process.env);

if (wanted !== undefined && wanted !== 'electron' && wanted !== 'chromium') {
  console.error(`assay: npm run dev opens a window; ASSAY_SHELL=${wanted} has none.`);
  process.exit(2);
}
if (wanted === 'electron' && electron === null) {
  console.error('assay: the runtime of Electron is not here; "npm start" fetches it.');
  process.exit(1);
}

let server = null;
let child;
if (electron !== null && wanted !== 'chromium') {
  console.error('assay: electron shell with hot reload: its runtime is present.');
  const cli = `${root}node_modules/electron-vite/bin/electron-vite.js`;
  child = spawn(process.execPath, [cli, 'dev', '--watch', '--', ...files], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ELECTRON_EXEC_PATH: electron },
  });
} else {
  try {
    findBrowser();
  } catch (error) {
    console.error(`assay: ${error.message}`);
    process.exit(1);
  }
  const [{ createServer }, { default: react }] = await Promise.all([import('vite'), import('@vitejs/plugin-react')]);
  server = await createServer({
    configFile: false,
    root: `${root}src-renderer`,
    plugins: [react()],
    server: { host: '127.0.0.1', port: 5183 },
  });
  await server.listen();
  const url = server.resolvedUrls?.local[0];
  console.error(`assay: chromium shell with hot reload: the page is served at ${url}.`);
  child = spawn(
    process.execPath,
    ['--watch', '--watch-preserve-output', `${root}src-main/shells/chromium/main.ts`, ...files],
    { cwd: root, stdio: 'inherit', env: { ...process.env, ASSAY_DEV_URL: url } },
  );
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => child.kill(signal));
}
child.on('exit', async (code) => {
  await server?.close();
  process.exit(code ?? 0);
});
