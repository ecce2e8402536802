/** What a notification of the desktop says: two short texts, no hashes, nothing secret. */
export interface NotificationText {
  readonly title: string;
  readonly body: string;
}

/** The desktop's notifications, where the shell has them. A click shows what the notification is about. */
export interface Notifications {
  show(text: NotificationText): void;
}
