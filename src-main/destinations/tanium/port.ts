import type { TermKind } from '#shared/domain/indicator.ts';
import type { ServiceFault, ServiceResult } from '../../net/service-fault.ts';

/** A document in Threat Response. */
export interface Intel {
  readonly id: number;
  /** The root id of its OpenIOC; empty when the server tells none. */
  readonly intrinsicId: string;
  readonly name: string;
  readonly sourceId: number | null;
  /** The server's own digest of the document; null when it tells none. */
  readonly md5: string | null;
  /** False when the server could not make sense of it. */
  readonly isSchemaValid: boolean | null;
  readonly labelIds: readonly number[];
}

/** An OpenIOC document ready to be sent. */
export interface IntelDocument {
  readonly rootId: string;
  readonly name: string;
  readonly description: string;
  readonly xml: string;
}

/** A document as it was taken. */
export interface Written extends Intel {
  /**
   * False when it does not stand where it was put: a document of another id was made beside the one that was to be
   * replaced (which is still there then), or the server keeps it under another root id.
   */
  readonly isInPlace: boolean;
}

/** Why a document was not taken. */
export interface WriteFault extends ServiceFault {
  /**
   * A smaller document may pass: said by the server (`kind` is 'too-large' then), or possible, because it refused without
   * saying why (400) or the connection ended while a large one was on its way.
   */
  readonly mayBeTooLarge: boolean;
  /** What the server keeps although it cannot make sense of it (`kind` is 'answer' then); null otherwise. */
  readonly kept: Intel | null;
}

/** What became of a write. */
export type WriteResult =
  | { readonly ok: true; readonly value: Written }
  | { readonly ok: false; readonly fault: WriteFault };

/** A label of Threat Response. */
export interface TaniumLabel {
  readonly id: number;
  readonly name: string;
}

/** What the notes of every file begin with that a job puts on the hash list: entries with other notes are of others. */
export const LISTED_NOTES = 'ThreatConnect, ';

/** A file on Tanium's reputation hash list; lower-case hex, empty where not known. */
export interface ListedFile {
  readonly md5: string;
  readonly sha1: string;
  readonly sha256: string;
  readonly notes: string;
}

/**
 * Threat Response of one job, and what of Tanium's other services a job uses. Logs in with the first request and once more
 * when the session expired. Every request is told to the recorder it was made with. Reads, and what takes files off the hash
 * list, are repeated request by request, as far as the client was made with a way to; no other write is: whether an
 * unanswered one happened is for the caller to look up.
 */
export interface ThreatResponse {
  readonly host: string;
  /** Logs in and looks which interface there is. Writes nothing. */
  open(signal: AbortSignal): Promise<ServiceResult<{ readonly api: '4' | '3' }>>;
  /** The source of that name; null when there is none. */
  findSource(name: string, signal: AbortSignal): Promise<ServiceResult<{ readonly id: number } | null>>;
  createSource(name: string, signal: AbortSignal): Promise<ServiceResult<{ readonly id: number }>>;
  /**
   * Every document of a source, all pages, each once. Where the server does not say what source a document is of
   * (`sourceId` null), it is listed all the same.
   */
  intels(sourceId: number, signal: AbortSignal): Promise<ServiceResult<readonly Intel[]>>;
  /** One document; null when there is none of that number. */
  intel(intelId: number, signal: AbortSignal): Promise<ServiceResult<Intel | null>>;
  create(sourceId: number, document: IntelDocument, signal: AbortSignal): Promise<WriteResult>;
  /**
   * Takes the place of a document with the same root id; the answer may name another id, which then holds. 'gone' when
   * there is no document of that id.
   */
  replace(intelId: number, document: IntelDocument, signal: AbortSignal): Promise<WriteResult>;
  /** A document that is not there any more counts as removed. */
  remove(intelId: number, signal: AbortSignal): Promise<ServiceResult<null>>;
  /** The OpenIOC that Threat Response itself writes for these values: nothing is kept there. */
  quickAdd(kind: TermKind, values: readonly string[], signal: AbortSignal): Promise<ServiceResult<string>>;
  labels(signal: AbortSignal): Promise<ServiceResult<readonly TaniumLabel[]>>;
  createLabel(name: string, signal: AbortSignal): Promise<ServiceResult<TaniumLabel>>;
  addLabel(intelId: number, labelId: number, signal: AbortSignal): Promise<ServiceResult<null>>;
  removeLabel(intelId: number, labelId: number, signal: AbortSignal): Promise<ServiceResult<null>>;
  /** Hands everything written to the endpoints. 'gone' where the interface has no such call. */
  deploy(signal: AbortSignal): Promise<ServiceResult<null>>;
  /** The id of a computer group; null when there is none of that name. */
  findGroup(name: string, signal: AbortSignal): Promise<ServiceResult<number | null>>;
  scan(groupId: number, intelId: number, signal: AbortSignal): Promise<ServiceResult<null>>;
  /** Puts files on the reputation hash list as malicious; those that are on it stay. */
  listFiles(files: readonly ListedFile[], signal: AbortSignal): Promise<ServiceResult<null>>;
  /**
   * Takes files off it; those that are not on it count as taken off. 'gone' when the list can neither be read nor taken from
   * by digest: whether they are on it is not known then.
   */
  unlistFiles(files: readonly ListedFile[], signal: AbortSignal): Promise<ServiceResult<null>>;
  /** Ends the session, if there is one. Never fails. What is asked afterwards is aborted. The HTTP client stays open. */
  close(): Promise<void>;
}
