import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openPage } from '#main/platform/open-page.ts';

const URL = 'https://www.virustotal.com/gui/file/ab?a=1&b=$(id)';

/** Stands for the system's opener where that is found by its name. */
describe.runIf(process.platform === 'linux')('opening a page', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'assay-opener-'));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  it('hands the address over as one argument, with nothing of the environment but what a browser needs', async () => {
    const heard = join(folder, 'heard');
    const opener = join(folder, 'xdg-open');
    writeFileSync(
      opener,
      `#!/bin/sh\n{ printf '%s\\n' "$#" "$1"; env; } > '${heard}.part'\nmv '${heard}.part' '${heard}'\n`,
    );
    chmodSync(opener, 0o755);
    vi.stubEnv('PATH', `${folder}:${process.env['PATH'] ?? ''}`);
    vi.stubEnv('ASSAY_VIRUSTOTAL_KEY', 'planted-secret');
    await openPage(URL);
    await vi.waitUntil(() => existsSync(heard), { timeout: 60_000 });
    const [count, address, ...environment] = readFileSync(heard, 'utf8').split('\n');
    expect([count, address]).toEqual(['1', URL]);
    expect(environment.join('\n')).not.toContain('planted-secret');
  });

  it('says that there is no opener, and which page it would have been', async () => {
    vi.stubEnv('PATH', folder);
    await expect(openPage(URL)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: `xdg-open, which opens web pages on this machine, cannot be started. The page is ${URL}`,
    });
  });
});
