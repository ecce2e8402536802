import { dirname, join } from 'node:path';
import type { Dialog } from 'electron';
import type { SaveTarget } from '../../services/engine-port.ts';

/** Asks where to save. The dialog no longer remembers the last folder itself, so it is kept here, per session. */
export function dialogSaveTarget(dialog: Pick<Dialog, 'showSaveDialog'>, firstFolder: () => string): SaveTarget {
  let folder: string | null = null;
  return {
    async choose(suggestedName) {
      const { canceled, filePath } = await dialog.showSaveDialog({
        title: 'Save',
        defaultPath: join(folder ?? firstFolder(), suggestedName),
        properties: ['createDirectory', 'showOverwriteConfirmation'],
      });
      if (canceled || filePath === '') {
        return null;
      }
      folder = dirname(filePath);
      return filePath;
    },
  };
}
