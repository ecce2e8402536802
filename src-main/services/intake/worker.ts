import { parentPort, workerData } from 'node:worker_threads';
import { toWire } from '../../db/errors.ts';
import { startReading } from '../../db/start.ts';
import { systemClock } from '../../platform/clock.ts';
import { createJudge } from '../triage/judge.ts';
import { IntakeHost } from './host/intake-host.ts';
import { fileChunks } from './reading/chunks.ts';
import { formatTools } from './reading/format-tools.ts';
import { PauseSwitch } from './reading/pause-switch.ts';
import { previewSource } from './reading/preview/preview-source.ts';
import type { IntakeInput } from './port.ts';
import type {
  CallProgress,
  FromThread,
  ThreadCall,
  ThreadStart,
  ToThread,
  WireError,
  WireInput,
} from './run/messages.ts';
import { readInPlace } from './run/read-in-place.ts';

/**
 * Entry of the intake threads. The view thread holds open intakes and answers pages; each running intake has a reading
 * thread of its own. They differ only in what they are asked.
 */
function serve(start: ThreadStart, post: (message: FromThread) => void): (message: ToThread) => void {
  const { db, use } = startReading(start.databaseFile);
  const host = new IntakeHost({ directory: start.directory, db, judge: createJudge(), clock: systemClock });
  const running = new Map<number, AbortController>();

  const run = (call: ThreadCall, signal: AbortSignal, onProgress: (value: CallProgress) => void): unknown => {
    switch (call.name) {
      case 'host': {
        const method = host[call.method] as unknown as (...args: readonly unknown[]) => unknown;
        return method.apply(host, [...call.args]);
      }
      case 'read': {
        const place = { directory: start.directory, host, formats: formatTools, isLooking: true };
        const { intakeId, reading, passwords } = call;
        const pause = call.pause === null ? {} : { pause: new PauseSwitch(call.pause) };
        const task = { intakeId, inputs: call.inputs.map(toInput), reading, passwords, ...pause };
        return readInPlace(place, task, onProgress, () => signal.aborted);
      }
      case 'judge':
        return host.judgeNew(call.intakeId);
      case 'report':
        return host.report(call.task, call.path, (done, total) => onProgress({ done, total }), signal);
      case 'report-preview':
        return host.reportPreview(call.task, signal);
      default:
        return previewSource(call.task, formatTools, signal);
    }
  };

  return (message) => {
    if (message.type === 'cancel') {
      running.get(message.id)?.abort();
    } else if (message.type === 'close') {
      host.dispose();
      db.close();
      use.release();
    } else {
      const { id } = message;
      const controller = new AbortController();
      running.set(id, controller);
      const answer = async (): Promise<void> => {
        try {
          const value = await run(message.call, controller.signal, (progress) =>
            post({ type: 'progress', id, value: progress }),
          );
          post({ type: 'done', id, value });
        } catch (error) {
          post({ type: 'error', id, error: wireOf(error) });
        } finally {
          running.delete(id);
        }
      };
      void answer();
    }
  };
}

/** Errors of the system cross with their code, so that the other side can name the reason. */
function wireOf(error: unknown): WireError {
  const wire = toWire(error);
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return wire.code === null && typeof code === 'string' ? { ...wire, system: code } : wire;
}

function toInput(input: WireInput): IntakeInput {
  return input.kind === 'spooled' ? { kind: 'stream', name: input.name, chunks: fileChunks(input.path) } : input;
}

if (parentPort !== null) {
  const port = parentPort;
  const post = (message: FromThread): void => port.postMessage(message);
  try {
    const take = serve(workerData as ThreadStart, post);
    port.on('message', (message: ToThread) => {
      take(message);
      if (message.type === 'close') {
        port.close();
      }
    });
    post({ type: 'ready' });
  } catch (error) {
    post({ type: 'failed', error: toWire(error) });
    port.close();
  }
}
