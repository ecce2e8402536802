import type { BrowserContext, CDPSession, Frame, Page } from 'playwright-core';
import type { PushTarget } from '../../ipc/push-batcher.ts';
import type { Router } from '../../ipc/router.ts';
import { originOf } from '../../ipc/sender.ts';
import { BINDING, HELD_FILES, pageScript, PUSH_RECEIVER } from './page-script.ts';

/** The frame a message of the page came from. */
export interface PageSender {
  readonly isTopFrame: boolean;
  readonly url: string;
}

/** A sender is trusted when it is the top frame of the one page and shows the given origin. */
export function trustsPage(origin: string): (sender: PageSender) => boolean {
  return ({ isTopFrame, url }) => isTopFrame && originOf(url) === origin;
}

/** Installs the bridge in a context before any page of it runs a script of its own. */
export async function bindContext(
  context: BrowserContext,
  ourPage: () => Page | null,
  router: Router<PageSender>,
  pathsOf: (token: number) => Promise<readonly string[]>,
): Promise<void> {
  await context.exposeBinding(BINDING, async (source, text: unknown) => {
    const sender = senderOf(source.frame, source.page === ourPage());
    const [kind, first, second] = messageOf(text);
    const reply =
      kind === 'files' && typeof first === 'number'
        ? await router.registerFiles(sender, await pathsOf(first))
        : await router.call(sender, kind === 'call' ? first : null, second);
    return JSON.stringify(reply);
  });
  await context.addInitScript({ content: pageScript() });
}

/** What a page sent, as a list; anything else is a call without a name, which the router refuses. */
function messageOf(text: unknown): readonly unknown[] {
  try {
    const message: unknown = typeof text === 'string' ? JSON.parse(text) : null;
    return Array.isArray(message) ? message : [];
  } catch {
    return [];
  }
}

function senderOf(frame: Frame, isOurPage: boolean): PageSender {
  return { isTopFrame: isOurPage && frame.parentFrame() === null, url: frame.url() };
}

/**
 * The paths of files the page holds, asked of the browser itself: a page cannot name a path, it can only hold a file
 * that a person dropped or chose. Empty for files that are not on disk; folders have their own path.
 */
export async function pathsOfHeldFiles(session: CDPSession, token: number): Promise<readonly string[]> {
  const objectGroup = `assay-files-${token}`;
  try {
    const { result } = await session.send('Runtime.evaluate', {
      expression: `globalThis[${JSON.stringify(HELD_FILES)}](${token})`,
      objectGroup,
    });
    if (result.objectId === undefined) {
      return [];
    }
    const listed = await session.send('Runtime.getProperties', { objectId: result.objectId, ownProperties: true });
    const files = listed.result.filter((property) => /^\d+$/.test(property.name));
    return await Promise.all(files.map((file) => pathOf(session, file.value?.objectId)));
  } finally {
    await session.send('Runtime.releaseObjectGroup', { objectGroup }).catch(() => undefined);
  }
}

async function pathOf(session: CDPSession, objectId: string | undefined): Promise<string> {
  if (objectId === undefined) {
    return '';
  }
  try {
    const { path } = await session.send('DOM.getFileInfo', { objectId });
    return path;
  } catch {
    // Not a File at all: the same as a file that is not on disk.
    return '';
  }
}

/** Pushes into the page until it is closed. A push that meets a reload is lost; the page asks anew then. */
export function pagePushTarget(page: Page, session: CDPSession): PushTarget {
  return {
    isGone: () => page.isClosed(),
    send(pushes) {
      const expression = `globalThis[${JSON.stringify(PUSH_RECEIVER)}]?.(${JSON.stringify(pushes)})`;
      session.send('Runtime.evaluate', { expression }).catch(() => undefined);
    },
  };
}
