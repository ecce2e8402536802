import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { CALL_CHANNEL, PUSH_CHANNEL, REGISTER_CHANNEL } from '../ipc/channels.ts';
import { createBridge } from './bridge.ts';

contextBridge.exposeInMainWorld(
  'assay',
  createBridge({
    call: (name, input) => ipcRenderer.invoke(CALL_CHANNEL, name, input),
    registerFiles: (files) => ipcRenderer.invoke(REGISTER_CHANNEL, files.map(pathOf)),
    onPushes(listener) {
      ipcRenderer.on(PUSH_CHANNEL, (_event, pushes: unknown) => listener(pushes));
    },
  }),
);

/** The path of a dropped or chosen file; empty when it is not on disk. */
function pathOf(file: unknown): string {
  return webUtils.getPathForFile(file as Parameters<typeof webUtils.getPathForFile>[0]);
}
