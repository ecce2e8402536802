import { join } from 'node:path';
import { Menu, Tray, nativeImage } from 'electron';
import type { ShellTray } from './tray.ts';

/** Electron's tray with Assay's mark; on macOS a template image, which the system colours. */
export function electronTray(folder: string): ShellTray {
  const file = process.platform === 'darwin' ? 'markTemplate.png' : 'mark.png';
  // Electron finds the picture for dense screens, `@2x`, beside it.
  const tray = new Tray(nativeImage.createFromPath(join(folder, file)));
  return {
    setToolTip: (text) => tray.setToolTip(text),
    setMenu: (template) => tray.setContextMenu(Menu.buildFromTemplate(template)),
    onClick: (listener) => void tray.on('click', listener),
    destroy: () => tray.destroy(),
  };
}
