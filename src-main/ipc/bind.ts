import type { IpcMain, IpcMainInvokeEvent, WebContents } from 'electron';
import { CALL_CHANNEL, PUSH_CHANNEL, REGISTER_CHANNEL } from './channels.ts';
import type { PushTarget } from './push-batcher.ts';
import type { Router } from './router.ts';
import type { MessageSender } from './sender.ts';

/** Binds the router to Electron's IPC: the only handlers there are. Returns the unbinding. */
export function bindIpc(ipcMain: Pick<IpcMain, 'handle' | 'removeHandler'>, router: Router<MessageSender>): () => void {
  ipcMain.handle(CALL_CHANNEL, (event, name: unknown, input: unknown) => router.call(senderOf(event), name, input));
  ipcMain.handle(REGISTER_CHANNEL, (event, paths: unknown) => router.registerFiles(senderOf(event), paths));
  return () => {
    ipcMain.removeHandler(CALL_CHANNEL);
    ipcMain.removeHandler(REGISTER_CHANNEL);
  };
}

/** Pushes into one window until it is destroyed or its page crashed. */
export function pushTargetOf(contents: Pick<WebContents, 'isDestroyed' | 'isCrashed' | 'send'>): PushTarget {
  return {
    isGone: () => contents.isDestroyed() || contents.isCrashed(),
    send: (pushes) => contents.send(PUSH_CHANNEL, pushes),
  };
}

/** Read at once: Electron clears senderFrame when the frame navigates or closes while a handler waits. */
function senderOf(event: IpcMainInvokeEvent): MessageSender {
  const frame = event.senderFrame;
  return {
    frame: frame === null ? null : { url: frame.url, parent: frame.parent },
    webContentsId: event.sender.id,
  };
}
