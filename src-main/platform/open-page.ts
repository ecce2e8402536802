import { spawn } from 'node:child_process';
import { AppError } from '#shared/errors/app-error.ts';
import { childEnvironment } from './child-environment.ts';

/** No page of a source about one file has a longer address; browsers and openers differ beyond it. */
const LONGEST = 500;

/** Printable ASCII without what a shell, an opener or an address bar reads as more than text. */
const PLAIN = /^https:\/\/[a-z0-9.-]+(?::\d{1,5})?\/[\w./~#?=&%+:@!,;-]*$/i;

/**
 * The one check before an address leaves for the system's browser: https, a host from `hosts` (exactly, lower case,
 * with the port when it has one), no user name, plain characters, no longer than 500. Returns the address as it is
 * opened; throws FORBIDDEN with a sentence that does not repeat it.
 */
export function checkedPage(address: string, hosts: readonly string[]): string {
  const refuse = (why: string): never => {
    throw new AppError('FORBIDDEN', `The page was not opened: ${why}.`);
  };
  if (address.length > LONGEST) {
    return refuse(`its address is longer than ${LONGEST} characters`);
  }
  if (!PLAIN.test(address) || !URL.canParse(address)) {
    return refuse('its address is not a plain https address');
  }
  const url = new URL(address);
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '') {
    return refuse('its address is not a plain https address');
  }
  // Compared with the parsed host: what a browser would connect to, whatever the text looked like.
  if (!hosts.includes(url.host)) {
    return refuse('its host is not one of the source');
  }
  return url.href;
}

export interface OpenerCommand {
  readonly program: string;
  readonly args: readonly string[];
}

/** How the system is asked to open a checked address. No shell is involved, so nothing in it can be a command. */
export function openCommand(platform: NodeJS.Platform, url: string): OpenerCommand {
  if (platform === 'win32') {
    // `start` is a word of cmd.exe and would need a shell; this is what it ends up calling.
    return { program: 'rundll32.exe', args: ['url.dll,FileProtocolHandler', url] };
  }
  return platform === 'darwin' ? { program: '/usr/bin/open', args: [url] } : { program: 'xdg-open', args: [url] };
}

/** Opens a checked address in the system's browser. Rejects with UNSUPPORTED and the address when no opener is there. */
export function openPage(url: string): Promise<void> {
  const { program, args } = openCommand(process.platform, url);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      detached: true,
      stdio: 'ignore',
      shell: false,
      env: childEnvironment(process.env),
    });
    child.once('spawn', resolve);
    child.once('error', (cause) => {
      const sentence = `${program}, which opens web pages on this machine, cannot be started. The page is ${url}`;
      reject(new AppError('UNSUPPORTED', sentence, { cause }));
    });
    child.unref();
  });
}
