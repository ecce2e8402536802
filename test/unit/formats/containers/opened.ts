import { piecesSource } from '#main/formats/containers/byte-source.ts';
import { type ByteSource, type ContainerFormat, MemberFault } from '#main/formats/containers/port.ts';

export interface Opened {
  /** Text of each member that could be read to its end, or until its fault. */
  readonly members: { readonly name: string; readonly text: string; readonly fault: string | null }[];
  readonly refused: { readonly name: string; readonly why: string; readonly reason: string }[];
  /** What the container as a whole ended by: `why: message`. */
  readonly fault: string | null;
}

/** Bytes in memory, as the source of a container. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return piecesSource([bytes]);
}

/** Everything a container holds, as text. Errors that are no `MemberFault` are defects and pass. */
export async function openAll(
  format: ContainerFormat,
  bytes: Uint8Array,
  passwords: readonly string[] = ['infected'],
  signal: AbortSignal = new AbortController().signal,
): Promise<Opened> {
  const opened: Opened = { members: [], refused: [], fault: null };
  try {
    for await (const finding of format.open(memorySource(bytes), { passwords, signal })) {
      if (finding.kind === 'refused') {
        opened.refused.push({ name: finding.name, why: finding.why, reason: finding.reason });
      } else {
        opened.members.push({ name: finding.name, ...(await textOf(finding.content)) });
      }
    }
  } catch (error) {
    return { ...opened, fault: faultOf(error) };
  }
  return opened;
}

async function textOf(content: AsyncIterable<Uint8Array>): Promise<{ text: string; fault: string | null }> {
  const chunks: Uint8Array[] = [];
  let fault: string | null = null;
  try {
    for await (const chunk of content) {
      chunks.push(chunk);
    }
  } catch (error) {
    fault = faultOf(error);
  }
  return { text: Buffer.concat(chunks).toString('utf8'), fault };
}

function faultOf(error: unknown): string {
  if (error instanceof MemberFault) {
    return `${error.why}: ${error.message}`;
  }
  throw error;
}
