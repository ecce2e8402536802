import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { childEnvironment } from './child-environment.ts';

/** What the system says about where a folder lies. A port, so that tests can own it. */
export interface MountProbe {
  readonly platform: NodeJS.Platform;
  /** The path with links and drive mappings resolved. */
  realPath(path: string): string;
  /** Mount points with their file system types; empty where the system cannot tell. */
  mounts(): readonly { readonly point: string; readonly type: string }[];
}

const NETWORK_TYPES = new Set([
  '9p',
  'afpfs',
  'afs',
  'ceph',
  'cifs',
  'davfs',
  'fuse.ceph',
  'fuse.davfs2',
  'fuse.glusterfs',
  'fuse.rclone',
  'fuse.s3fs',
  'fuse.sshfs',
  'glusterfs',
  'gpfs',
  'lustre',
  'ncpfs',
  'nfs',
  'nfs4',
  'prl_fs',
  'smb3',
  'smbfs',
  'vboxsf',
  'vmhgfs',
  'webdav',
]);

/** Why a folder counts as lying on a network share (`smbfs at /Volumes/team`), or null when it does not. */
export function networkShareAt(directory: string, probe: MountProbe = systemProbe): string | null {
  const path = probe.realPath(directory);
  if (probe.platform === 'win32') {
    const local = /^\\\\[?.]\\(?!UNC\\)/i.test(path);
    return !local && /^[\\/]{2}[^\\/]/.test(path) ? path : null;
  }
  const mount = probe
    .mounts()
    .filter(({ point }) => path === point || path.startsWith(point.endsWith('/') ? point : `${point}/`))
    .reduce<{ point: string; type: string } | null>(
      // Of equal points the later one lies on top.
      (best, each) => (best === null || each.point.length >= best.point.length ? each : best),
      null,
    );
  return mount !== null && NETWORK_TYPES.has(mount.type.toLowerCase()) ? `${mount.type} at ${mount.point}` : null;
}

export const systemProbe: MountProbe = {
  platform: process.platform,
  realPath(path) {
    let present = resolve(path);
    while (!existsSync(present) && dirname(present) !== present) {
      present = dirname(present);
    }
    return realpathSync.native(present);
  },
  mounts() {
    try {
      if (process.platform === 'linux') {
        return parseProcMounts(readFileSync('/proc/self/mounts', 'utf8'));
      }
      return process.platform === 'darwin'
        ? parseMountCommand(
            execFileSync('/sbin/mount', { encoding: 'utf8', timeout: 2_000, env: childEnvironment(process.env) }),
          )
        : [];
    } catch {
      // A system that cannot tell is no reason to refuse a local folder.
      return [];
    }
  },
};

/** Lines of /proc/self/mounts; white space in paths is written as octal escapes. */
export function parseProcMounts(text: string): { point: string; type: string }[] {
  return text.split('\n').flatMap((line) => {
    const [, point, type] = line.split(' ');
    return point === undefined || type === undefined
      ? []
      : [
          {
            point: point.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 8))),
            type,
          },
        ];
  });
}

/** Lines of macOS's mount: `//kim@host/team on /Volumes/team (smbfs, nodev)`. */
export function parseMountCommand(text: string): { point: string; type: string }[] {
  return text.split('\n').flatMap((line) => {
    const found = / on (\/.*) \(([^,)]+)/.exec(line);
    return found === null ? [] : [{ point: found[1] as string, type: found[2] as string }];
  });
}
