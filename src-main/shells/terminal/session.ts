import { constants } from 'node:os';
import type { Placing } from '../../destinations/place-new.ts';
import type { Engine } from '../../services/engine-port.ts';
import { EXIT } from './exit-codes.ts';
import type { Host, StopSignal } from './host.ts';
import { createProgressLine, type ProgressLine } from './output/progress-line.ts';
import { visible } from './output/plain-text.ts';
import { createOutput, type Output } from './output/stream-output.ts';
import { createStyle, type Style } from './output/style.ts';

/** Options every command takes. */
export interface GlobalOptions {
  readonly data?: string;
  readonly quiet?: boolean;
  readonly color: boolean;
  /** Of commands that write files. */
  readonly force?: boolean;
}

/** One run of one command: where data and messages go, what was asked for, and how it is stopped. */
export interface Session {
  readonly host: Host;
  /** Data, on standard output. */
  readonly out: Output;
  readonly style: Style;
  readonly progress: ProgressLine;
  readonly signal: AbortSignal;
  /** Whether a file that is written may take the place of another, also of one made since the command began. */
  readonly placing: Placing;
  /** Informational, on standard error; left out with --quiet. */
  note(sentence: string): void;
  /** Something a reader must know, on standard error, also with --quiet. */
  warn(sentence: string): void;
  /** The exit code of an interrupted run, or null. */
  stoppedCode(): number | null;
  /** Opens the engine on the data directory, and closes it whatever happens. */
  withEngine<T>(work: (engine: Engine) => Promise<T>): Promise<T>;
  /** Takes the signal handlers away. */
  end(): void;
}

/** Both streams of a process; made once, whatever runs. */
export interface Outputs {
  readonly out: Output;
  readonly messages: Output;
}

export function createOutputs(host: Host): Outputs {
  return { out: createOutput(host.stdout), messages: createOutput(host.stderr) };
}

/** A second Ctrl-C sooner than this is the same one, delivered both to the process group and by the parent. */
const SAME_PRESS_MS = 300;

/** `asks`: the command may ask sources. */
export function createSession(host: Host, outputs: Outputs, globals: GlobalOptions, asks: boolean): Session {
  const { out, messages } = outputs;
  const quiet = globals.quiet === true;
  const progress = createProgressLine(host.stderr, !quiet, () => host.now());
  const controller = new AbortController();
  let stopped: StopSignal | null = null;
  let stoppedAt = 0;

  const say = (sentence: string): void => {
    progress.clear();
    // A closed standard error must not end the work: nobody reads it, that is all.
    messages.write(`${visible(sentence)}\n`).catch(() => undefined);
  };
  const unsubscribe = host.onStop((signal) => {
    if (stopped === null) {
      stopped = signal;
      stoppedAt = host.now();
      controller.abort();
    } else if (host.now() - stoppedAt > SAME_PRESS_MS) {
      host.abandon(codeOf(signal));
    }
  });

  return {
    host,
    out,
    style: createStyle(out.isTerminal, globals.color, host.env),
    progress,
    signal: controller.signal,
    placing: globals.force === true ? 'replace' : 'new',
    note: (sentence) => {
      if (!quiet) {
        say(sentence);
      }
    },
    warn: say,
    stoppedCode: () => (stopped === null ? null : codeOf(stopped)),
    async withEngine(work) {
      const engine = await host.openEngine(globals.data ?? null, asks);
      try {
        if (engine.startNotice !== null) {
          say(`assay: ${engine.startNotice}`);
        }
        if (engine.simulated) {
          say('assay: the sources of this data directory are simulated; their answers are made up.');
        }
        return await work(engine);
      } finally {
        progress.clear();
        await engine.dispose();
      }
    },
    end() {
      unsubscribe();
      progress.clear();
    },
  };
}

function codeOf(signal: StopSignal): number {
  return signal === 'SIGINT' ? EXIT.interrupted : 128 + constants.signals[signal];
}
