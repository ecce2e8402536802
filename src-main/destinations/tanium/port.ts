import type { TermKind } from '#shared/domain/indicator.ts';
import type { ServiceResult } from '../../net/service-fault.ts';

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

export interface TaniumLabel {
  readonly id: number;
  readonly name: string;
}

/** A file on Tanium's reputation hash list; lower-case hex, empty where not known. */
export interface ListedFile {
  readonly md5: string;
  readonly sha1: string;
  readonly sha256: string;
  readonly notes: string;
}

/**
 * Threat Response of one job, and what of Tanium's other services a job uses. Logs in with the first request and once more
 * when the session expired. Every request is told to the recorder it was made with. Nothing is repeated by itself: whether
 * an unanswered write happened is for the caller to look up.
 */
export interface ThreatResponse {
  readonly host: string;
  /** Logs in and looks which interface there is. Writes nothing. */
  open(signal: AbortSignal): Promise<ServiceResult<{ readonly api: '4' | '3' }>>;
  /** The source of that name; null when there is none. */
  findSource(name: string, signal: AbortSignal): Promise<ServiceResult<{ readonly id: number } | null>>;
  createSource(name: string, signal: AbortSignal): Promise<ServiceResult<{ readonly id: number }>>;
  /** Every document of a source, all pages. */
  intels(sourceId: number, signal: AbortSignal): Promise<ServiceResult<readonly Intel[]>>;
  create(sourceId: number, document: IntelDocument, signal: AbortSignal): Promise<ServiceResult<Intel>>;
  /** Takes the place of a document with the same root id; the answer may name another id, which then holds. */
  replace(intelId: number, document: IntelDocument, signal: AbortSignal): Promise<ServiceResult<Intel>>;
  /** A document that is not there any more counts as removed. */
  remove(intelId: number, signal: AbortSignal): Promise<ServiceResult<null>>;
  /** The OpenIOC that Threat Response itself writes for these values: nothing is kept there. */
  quickAdd(kind: TermKind, values: readonly string[], signal: AbortSignal): Promise<ServiceResult<string>>;
  labels(signal: AbortSignal): Promise<ServiceResult<readonly TaniumLabel[]>>;
  createLabel(name: string, signal: AbortSignal): Promise<ServiceResult<TaniumLabel>>;
  addLabel(intelId: number, labelId: number, signal: AbortSignal): Promise<ServiceResult<null>>;
  removeLabel(intelId: number, labelId: number, signal: AbortSignal): Promise<ServiceResult<null>>;
  deploy(signal: AbortSignal): Promise<ServiceResult<null>>;
  /** The id of a computer group; null when there is none of that name. */
  findGroup(name: string, signal: AbortSignal): Promise<ServiceResult<number | null>>;
  scan(groupId: number, intelId: number, signal: AbortSignal): Promise<ServiceResult<null>>;
  /** Puts files on the reputation hash list as malicious; those that are on it stay. */
  listFiles(files: readonly ListedFile[], signal: AbortSignal): Promise<ServiceResult<null>>;
  /** Takes files off it; those that are not on it count as taken off. */
  unlistFiles(files: readonly ListedFile[], signal: AbortSignal): Promise<ServiceResult<null>>;
  /** Ends the session, if there is one. Never fails. */
  close(): Promise<void>;
}
