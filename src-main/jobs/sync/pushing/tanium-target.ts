import type { Intel, ThreatResponse } from '../../../destinations/tanium/port.ts';
import { finishWrite, isUncertain, writeOnce } from './ledger-write.ts';
import { waitAfter } from '../repeat.ts';
import { type RunContext, RunEnd } from '../run-context.ts';

/** Threat Response of one run: opened when it is first needed. */
export interface TaniumTarget {
  readonly client: ThreatResponse;
  /** The job's source; null when there is none and it was not to be made. */
  source(): Promise<number | null>;
  /** The same, made where there is none. */
  madeSource(): Promise<number>;
  /** Documents of the source, asked for anew each time. */
  intels(): Promise<readonly Intel[]>;
  /**
   * Whether a number stands for somebody else's document, and not for the one of this root id: it may by now, and a server may
   * have told a wrong one. Asked before anything is deleted by its number. Where no root id is told it is not known to be.
   */
  isOfOthers(intelId: number, rootId: string): Promise<boolean>;
  close(): Promise<void>;
}

/** Signs in. Ends the run when that is not possible. */
export async function openTanium(context: RunContext): Promise<TaniumTarget> {
  const { parts, job, recorder } = context;
  const opened = await parts.connect.threatResponse(job, recorder.onExchange, context.repeat);
  if (!opened.ok) {
    throw new RunEnd('failed', opened.message);
  }
  const { client } = opened;
  let known: number | null = null;
  try {
    const { api } = await context.ask((signal) => client.open(signal));
    context.log.write('debug', `Signed in to ${client.host}, Threat Response ${api}.x.`);
  } catch (error) {
    await opened.close();
    throw error;
  }
  const name = job.config.sourceName;
  const source = async (): Promise<number | null> => {
    known ??= (await context.ask((signal) => client.findSource(name, signal)))?.id ?? null;
    return known;
  };
  return {
    client,
    source,
    async madeSource() {
      known = (await source()) ?? (await makeSource(context, client, source));
      return known;
    },
    async intels() {
      const id = await source();
      return id === null ? [] : context.ask((signal) => client.intels(id, signal));
    },
    async isOfOthers(intelId, rootId) {
      const intrinsicId = (await context.ask((signal) => client.intel(intelId, signal)))?.intrinsicId ?? '';
      return intrinsicId !== '' && intrinsicId.toLowerCase() !== rootId.toLowerCase();
    },
    close: () => opened.close(),
  };
}

/**
 * A source whose making was not answered is looked for before it is made again: there must be one. Tried up to four times
 * after faults that may pass.
 */
async function makeSource(
  context: RunContext,
  client: ThreatResponse,
  find: () => Promise<number | null>,
): Promise<number> {
  const name = context.job.config.sourceName;
  for (let tries = 0; ; tries += 1) {
    const { ledgerId, result } = await writeOnce(
      context,
      client.host,
      { action: 'create source', package: '' },
      (signal) => client.createSource(name, signal),
    );
    if (result.ok) {
      await finishWrite(context, ledgerId, { outcome: 'done', message: name });
      context.log.write('info', `The source ${name} was made.`);
      return result.value.id;
    }
    const { fault } = result;
    const { httpStatus, message } = fault;
    const wait = waitAfter({ ...fault, isPassing: fault.isPassing || isUncertain(fault) }, tries, 2);
    if (wait !== null) {
      await context.wait(fault, wait);
    }
    const found = isUncertain(fault) ? await find() : null;
    await finishWrite(context, ledgerId, { outcome: found === null ? 'failed' : 'found', httpStatus, message });
    if (found !== null) {
      return found;
    }
    if (wait === null) {
      throw new RunEnd('failed', message);
    }
  }
}
