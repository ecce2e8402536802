import type { MenuItemConstructorOptions } from 'electron';
import type { OutboundState } from '#shared/contract/outbound.ts';
import { grouped } from '#shared/domain/grouped.ts';
import type { Engine } from '../../../services/engine-port.ts';

/** The mark beside the clock, as this shell uses it. */
export interface ShellTray {
  setToolTip(text: string): void;
  setMenu(template: MenuItemConstructorOptions[]): void;
  onClick(listener: () => void): void;
  destroy(): void;
}

export interface TrayParts {
  readonly create: () => ShellTray;
  readonly engine: Pick<Engine, 'handlers' | 'onPush' | 'simulated'>;
  readonly open: () => void;
  readonly quit: () => void;
  readonly onFault: (error: unknown) => void;
  /** Milliseconds between two looks at the queue. */
  readonly stepMs?: number;
}

/** What the menu shows. */
interface TrayState {
  readonly outbound: OutboundState;
  readonly isPaused: boolean;
}

const STEP_MS = 2_000;

/**
 * Shows the tray while Assay works without a window: what it is doing, and the way to open, hold, go offline or quit.
 * Returns the end of it.
 */
export function showTray(parts: TrayParts): () => void {
  const tray = parts.create();
  tray.onClick(parts.open);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isGone = false;

  const refresh = async (): Promise<void> => {
    clearTimeout(timer);
    try {
      const state = await look(parts);
      if (!isGone) {
        tray.setToolTip(tooltip(state.outbound, parts.engine.simulated));
        tray.setMenu(menuOf(state, parts, act));
      }
    } catch (error) {
      parts.onFault(error);
    }
    if (!isGone) {
      timer = setTimeout(() => void refresh(), parts.stepMs ?? STEP_MS);
    }
  };
  const act = (action: () => unknown): void => {
    void Promise.resolve(action()).then(refresh, parts.onFault);
  };

  tray.setToolTip('Assay');
  tray.setMenu([{ label: 'Open Assay', click: parts.open }, { type: 'separator' }, quitItem(parts)]);
  void refresh();
  return () => {
    isGone = true;
    clearTimeout(timer);
    tray.destroy();
  };
}

async function look({ engine }: TrayParts): Promise<TrayState> {
  const outbound = await engine.handlers['outbound.state']({});
  const { sources } = await engine.handlers['sources.list']({});
  const enabled = sources.filter((source) => source.config.enabled);
  return { outbound, isPaused: enabled.length > 0 && enabled.every((source) => source.state === 'paused') };
}

function tooltip({ depth, offline, sentence }: OutboundState, simulated: boolean): string {
  const what = offline ? 'offline' : depth === 0 ? 'nothing waits' : sentence;
  return `Assay${simulated ? ' (simulated)' : ''}: ${what}`;
}

function menuOf(
  { outbound, isPaused }: TrayState,
  { engine, open, quit }: TrayParts,
  act: (action: () => unknown) => void,
): MenuItemConstructorOptions[] {
  const { depth, offline } = outbound;
  const waiting = depth === 0 ? 'Nothing waits' : depth === 1 ? '1 hash waits' : `${grouped(depth)} hashes wait`;
  return [
    { label: 'Open Assay', click: open },
    { label: waiting, enabled: false },
    { type: 'separator' },
    {
      label: isPaused ? 'Resume all' : 'Pause all',
      enabled: !offline,
      click: () => act(() => engine.handlers[isPaused ? 'outbound.resume' : 'outbound.pause']({})),
    },
    {
      label: 'Offline',
      type: 'checkbox',
      checked: offline,
      click: () => act(() => engine.handlers['settings.set']({ offline: !offline })),
    },
    { type: 'separator' },
    quitItem({ quit }),
  ];
}

function quitItem({ quit }: Pick<TrayParts, 'quit'>): MenuItemConstructorOptions {
  return { label: 'Quit Assay', click: quit };
}
