import { BOUNDS, Meter } from '../bounds.ts';
import { MemberFault } from '../port.ts';
import type { EventBatch } from './event-batch.ts';
import { MessageLines } from './message-lines.ts';
import type { RunEnd, SevenZipRequest } from './messages.ts';
import { ListingReader } from './read-listing.ts';
import { NO_MEMORY, readRunMessage } from './run-messages.ts';
import { runTool, type ToolArchive, type ToolEnd } from './run-tool.ts';

/** Entries, folders among them, that a list may have. Only files count against the bounds of containers. */
const MOST_ENTRIES = BOUNDS.members * 2;
/** Unpacked bytes without a complaint that prove a password where the method stumbles over wrong bytes. */
const PROVING_BYTES = 16 * 1024 * 1024;
/** No prompt, UTF-8, one archive type, and messages on the second stream, in one order with the data on the first. */
const ALWAYS = ['-t7z', '-y', '-bd', '-bso2', '-bse2', '-sccUTF-8', '-spd'];
/** Given where there is no password: 7-Zip asks for none then, and what is encrypted fails by itself. */
const NO_PASSWORD = '-';

/** Lines that are kept of what 7-Zip says is wrong with a list: it comes to the point at once. */
const MOST_COMPLAINTS = 12;

/** It asks for a password when the list of members is encrypted, and gives up when nobody answers. */
const QUESTION = 'Enter password';

/** 7-Zip, compiled, and what it is run over. */
export interface ToolTarget {
  readonly module: object;
  readonly archive: ToolArchive;
}

/** Ends a run early; nobody sees it. */
class Enough extends Error {
  readonly end: RunEnd;

  constructor(end: RunEnd) {
    super(end.kind);
    this.end = end;
  }
}

/** Runs 7-Zip for one request and gives `events` what it finds. Never ends by a fault of the archive. */
export async function runRequest(request: SevenZipRequest, on: ToolTarget, events: EventBatch): Promise<RunEnd> {
  try {
    if (request.kind === 'list') {
      return await list(request.password, on, events);
    }
    return request.kind === 'probe' ? await probe(request, on) : await unpack(request.password, on, events);
  } catch (error) {
    if (error instanceof Enough) {
      return error.end;
    }
    if (error instanceof MemberFault) {
      return { kind: 'limit', reason: error.message };
    }
    throw error;
  }
}

async function list(password: string | null, on: ToolTarget, events: EventBatch): Promise<RunEnd> {
  let entries = 0;
  let nameBytes = 0;
  const complaints: string[] = [];
  const reader = new ListingReader((entry) => {
    entries += 1;
    nameBytes += entry.name.length;
    if (entries > MOST_ENTRIES || nameBytes > BOUNDS.allNameBytes) {
      throw new Enough({ kind: 'limit', reason: 'its list of members is too long' });
    }
    events.add({ kind: 'entry', entry });
  });
  let hasFailed = false;
  let hasAsked = false;
  const lines = new MessageLines((line) => {
    hasFailed ||= line.startsWith('ERROR');
    hasAsked ||= line.startsWith(QUESTION);
    if (hasFailed && complaints.length < MOST_COMPLAINTS) {
      complaints.push(line);
    }
    reader.line(line);
  });
  const asked = password === null ? [] : [`-p${password}`];
  const ended = await runTool(on.module, ['l', '-slt', ...ALWAYS, ...asked], on.archive, {
    // A list goes to the first stream whatever is said about messages.
    onData: (bytes) => lines.push(bytes),
    onMessage: (bytes) => lines.push(bytes),
  });
  if (ended === 'broke' && (hasAsked || lines.rest.startsWith(QUESTION))) {
    return { kind: 'asks-password' };
  }
  if (ended === 'ended') {
    reader.end();
  }
  return endOf(ended, complaints);
}

async function probe(
  { password, index, isChecking }: Extract<SevenZipRequest, { kind: 'probe' }>,
  on: ToolTarget,
): Promise<RunEnd> {
  let at = -1;
  let bytes = 0;
  let isFitting = true;
  const answer = (): Enough => new Enough({ kind: 'probed', isFitting });
  const ended = await unpackWith(password, on, {
    onData(data) {
      bytes = at === index ? bytes + data.length : 0;
      if (isChecking && bytes >= PROVING_BYTES) {
        throw answer();
      }
    },
    onMessage(message) {
      at += message.kind === 'item' ? 1 : 0;
      if (message.kind === 'complaint' && at === index) {
        isFitting = false;
      }
      if (at > index || message.kind === 'summary') {
        throw answer();
      }
    },
  });
  return ended === 'no-memory'
    ? endOf(ended, [])
    : { kind: 'probed', isFitting: isFitting && at >= index && ended === 'ended' };
}

async function unpack(password: string | null, on: ToolTarget, events: EventBatch): Promise<RunEnd> {
  const complaints: string[] = [];
  let isSummary = false;
  const ended = await unpackWith(password, on, {
    onData: (bytes) => events.addData(bytes),
    onMessage(message) {
      isSummary ||= message.kind === 'summary';
      if (isSummary || message.kind === 'summary') {
        return;
      }
      if (message.kind !== 'item') {
        complaints.push(message.text);
      }
      if (message.kind !== 'break') {
        events.add(message);
      }
    },
  });
  return endOf(ended, complaints);
}

interface Unpacked {
  onData(bytes: Uint8Array): void;
  onMessage(message: NonNullable<ReturnType<typeof readRunMessage>>): void;
}

/** One after the other: an item, its data, what is wrong with it. Ends by a `MemberFault` when it is too much. */
async function unpackWith(password: string | null, on: ToolTarget, to: Unpacked): Promise<ToolEnd> {
  const meter = new Meter(on.archive.size);
  const lines = new MessageLines((line) => {
    const message = readRunMessage(line);
    if (message !== null) {
      to.onMessage(message);
    }
  });
  return runTool(on.module, ['x', '-so', '-bb1', ...ALWAYS, `-p${password ?? NO_PASSWORD}`], on.archive, {
    onData(bytes) {
      meter.countBytes(bytes.length);
      to.onData(bytes);
    },
    onMessage: (bytes) => lines.push(bytes),
  });
}

function endOf(ended: ToolEnd, complaints: readonly string[]): RunEnd {
  switch (ended) {
    case 'no-memory':
      return { kind: 'broke', why: 'limit', reason: NO_MEMORY };
    case 'broke':
      return { kind: 'broke', why: 'damaged', reason: 'unpacking broke off over damaged data' };
    case 'ended':
    default:
      return { kind: 'done', complaints };
  }
}
