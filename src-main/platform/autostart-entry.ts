import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface AutostartParts {
  /** `$XDG_CONFIG_HOME`, or `~/.config`. */
  readonly configHome: string;
  /** The program and its arguments. */
  readonly command: readonly string[];
}

/**
 * Whether a Linux desktop starts a program at login: a desktop entry in the account's autostart folder (XDG Autostart
 * and Desktop Entry specifications of freedesktop.org). Off removes the entry; an entry for another command is off.
 */
export function autostartEntry({ configHome, command }: AutostartParts): { get(): boolean; set(on: boolean): void } {
  const folder = join(configHome, 'autostart');
  const file = join(folder, 'assay.desktop');
  const text = ['[Desktop Entry]', 'Type=Application', 'Name=Assay', `Exec=${command.map(quoted).join(' ')}`, ''].join(
    '\n',
  );
  return {
    get() {
      try {
        return readFileSync(file, 'utf8') === text;
      } catch {
        // No entry, or one that cannot be read: a desktop would not start it either.
        return false;
      }
    },
    set(on) {
      if (!on) {
        rmSync(file, { force: true });
        return;
      }
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeFileSync(`${file}.new`, text, { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
  };
}

/** An argument of `Exec`: quoted, its special characters escaped, that escaped again as any string of an entry is. */
function quoted(argument: string): string {
  const inside = argument.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%');
  return `"${inside.replaceAll('\\', '\\\\')}"`;
}
