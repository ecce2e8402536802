import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { childEnvironment } from './child-environment.ts';

export interface FileManagerCommand {
  readonly program: string;
  readonly args: readonly string[];
}

/** How the system's file manager is asked to show a file. Linux has no common way to select one: its folder opens. */
export function showCommand(platform: NodeJS.Platform, path: string): FileManagerCommand {
  if (platform === 'win32') {
    return { program: 'explorer.exe', args: [`/select,${path}`] };
  }
  return platform === 'darwin'
    ? { program: '/usr/bin/open', args: ['-R', path] }
    : { program: 'xdg-open', args: [dirname(path)] };
}

/** Shows a file Assay wrote. Callers check that it is one. Without a file manager nothing happens. */
export function showInFolder(path: string): void {
  const { program, args } = showCommand(process.platform, path);
  const child = spawn(program, args, {
    detached: true,
    stdio: 'ignore',
    shell: false,
    env: childEnvironment(process.env),
  });
  child.on('error', () => {
    // No file manager on this machine: the window shows the path itself.
  });
  child.unref();
}
