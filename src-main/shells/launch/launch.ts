import { chooseShell, SHELLS, type Choice, type LaunchFacts, type ShellName } from './choose-shell.ts';

/** How a shell ended. */
export interface ShellEnd {
  readonly code: number;
  /** It ended with an error before a window can have been of use: the next shell may try. */
  readonly failedToStart: boolean;
}

/** What the launcher does to the world, so that a test can own it. */
export interface LaunchParts {
  facts(): LaunchFacts;
  /** Brings Electron's runtime; null, or why it could not be had. */
  fetchElectron(): Promise<string | null>;
  /** Remembers for a day that fetching failed, or with null that it did not. */
  remember(failed: LaunchFacts['failedFetch']): void;
  /** Builds what a window needs when it is missing or older than the sources; null, or why it could not. */
  build(): Promise<string | null>;
  run(shell: ShellName, files: readonly string[]): Promise<ShellEnd>;
  /** One line on standard error. */
  say(line: string): void;
}

/**
 * Opens the best shell there is and returns its exit code. A window shell that does not start is followed by the next
 * one, unless ASSAY_SHELL asked for exactly that; the terminal always answers.
 */
export async function launch(files: readonly string[], parts: LaunchParts): Promise<number> {
  let facts = parts.facts();
  const wanted = facts.env['ASSAY_SHELL'];
  if (wanted !== undefined && wanted !== '' && !SHELLS.some((shell) => shell === wanted)) {
    parts.say(`assay: ASSAY_SHELL=${wanted} is not one of ${SHELLS.join(', ')}.`);
    return 2;
  }
  let choice = chooseShell(facts);
  if (choice.fetch) {
    parts.say("assay: fetching Electron's runtime, once. ASSAY_SHELL=chromium or terminal does without it.");
    const why = await parts.fetchElectron();
    const failed = why === null ? null : { at: facts.now, why };
    parts.remember(failed);
    if (failed !== null && wanted === 'electron') {
      parts.say(`assay: Electron's runtime could not be fetched (${failed.why}).`);
      return 1;
    }
    facts = { ...facts, electronPresent: failed === null, failedFetch: failed };
    choice = failed === null ? { ...choice, fetch: false } : chooseShell(facts);
  }
  return runChosen(choice, facts, files, parts);
}

async function runChosen(
  choice: Choice,
  facts: LaunchFacts,
  files: readonly string[],
  parts: LaunchParts,
): Promise<number> {
  // Without a browser there is nothing to build for: the shell says what to install.
  const canOpen = choice.shell === 'electron' || (choice.shell === 'chromium' && facts.browserPresent);
  if (canOpen) {
    const why = await parts.build();
    if (why !== null) {
      return next(choice, `the window could not be built (${why})`, facts, files, parts, 1);
    }
  }
  parts.say(`assay: ${choice.shell} shell: ${choice.why}.`);
  const end = await parts.run(choice.shell, files);
  if (!end.failedToStart || choice.shell === 'terminal') {
    return end.code;
  }
  return next(choice, `the ${choice.shell} shell did not start`, facts, files, parts, end.code);
}

function next(
  choice: Choice,
  why: string,
  facts: LaunchFacts,
  files: readonly string[],
  parts: LaunchParts,
  code: number,
): Promise<number> {
  if (facts.env['ASSAY_SHELL'] === choice.shell) {
    parts.say(`assay: ${why}.`);
    return Promise.resolve(code);
  }
  // Without a built window no other window shell can open either.
  const windowMayOpen = choice.shell === 'electron' && facts.browserPresent && !why.includes('built');
  return runChosen({ shell: windowMayOpen ? 'chromium' : 'terminal', why, fetch: false }, facts, files, parts);
}
