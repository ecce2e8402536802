import { Notification } from 'electron';
import type { NotificationText } from '../../../platform/notifications.ts';

/** One notification of the desktop; nothing where the system has none. */
export function electronNotification(text: NotificationText, onClick: () => void): void {
  if (Notification.isSupported()) {
    const notification = new Notification({ ...text, silent: false });
    notification.on('click', onClick);
    notification.show();
  }
}
