import type { Intel, ThreatResponse } from '../../../destinations/tanium/port.ts';
import { finishWrite, isUncertain, writeOnce } from './ledger-write.ts';
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
   * Whether the document of that number is the one of a package: a number may stand for somebody else's by now, or be one that
   * the server only said. Looked up in the list of this run, which is asked for again where it does not hold the number.
   */
  holds(intelId: number, document: { readonly rootId: string; readonly name: string }): Promise<boolean>;
  close(): Promise<void>;
}

/** Signs in. Ends the run when that is not possible. */
export async function openTanium(context: RunContext): Promise<TaniumTarget> {
  const { parts, job, recorder } = context;
  const opened = await parts.connect.threatResponse(job, recorder.onExchange);
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
  let listed: ReadonlyMap<number, Intel> = new Map();
  const intels = async (): Promise<readonly Intel[]> => {
    const id = await source();
    const found = id === null ? [] : await context.ask((signal) => client.intels(id, signal));
    listed = new Map(found.map((intel) => [intel.id, intel]));
    return found;
  };
  return {
    client,
    source,
    async madeSource() {
      known = (await source()) ?? (await makeSource(context, client, source));
      return known;
    },
    intels,
    async holds(intelId, document) {
      if (!listed.has(intelId)) {
        await intels();
      }
      const found = listed.get(intelId);
      return found !== undefined && isDocumentOf(found, document);
    },
    close: () => opened.close(),
  };
}

/** By its root id; by its name where the server tells no root id. One that it could not read may have lost both. */
export function isDocumentOf(
  { intrinsicId, name }: Pick<Intel, 'intrinsicId' | 'name'>,
  document: { readonly rootId: string; readonly name: string },
): boolean {
  return intrinsicId === ''
    ? name === '' || name === document.name
    : intrinsicId.toLowerCase() === document.rootId.toLowerCase();
}

/** A source whose making was not answered is looked for before it is made again: there must be one. */
async function makeSource(
  context: RunContext,
  client: ThreatResponse,
  find: () => Promise<number | null>,
): Promise<number> {
  const name = context.job.config.sourceName;
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
  if (isUncertain(fault)) {
    const found = await find();
    if (found !== null) {
      await finishWrite(context, ledgerId, { outcome: 'found', message: fault.message });
      return found;
    }
  }
  await finishWrite(context, ledgerId, { outcome: 'failed', httpStatus: fault.httpStatus, message: fault.message });
  throw new RunEnd('failed', fault.message);
}
