import type { Fault, LoggedRequest, Simulator, SimulatorOptions } from '../port.ts';

/** How a document larger than the server takes is answered: in words or without, by a proxy's page, or not at all. */
export type TooLargeAnswer = 'json-413' | 'html-413' | 'json-400' | 'bare-400' | 'cut';

/** What needs a right of its own. */
export type TaniumArea = 'sources' | 'intels' | 'labels' | 'deploy' | 'scans' | 'groups' | 'reputation' | 'quick-add';

/** How the server behaves where its documentation leaves it open. All of it may be changed while it runs. */
export interface TaniumBehaviour {
  /** Largest document it takes, bytes; null for any. */
  maxDocumentBytes: number | null;
  /** Most searched-for values in a document; null for any number. */
  maxIndicators: number | null;
  tooLarge: TooLargeAnswer;
  /** A document that is not what its type says: kept with `isSchemaValid: false`, or refused with 400. */
  invalidDocuments: 'kept' | 'refused';
  /** A second document under a root id that is there: kept beside it, put in its place, or refused with 400. */
  sameRootId: 'second' | 'in-place' | 'refused';
  /** `GET /intels?sourceId=` lists every source's documents. */
  ignoreSourceFilter: boolean;
  /** `limit` and `offset` of lists are not looked at. */
  ignorePaging: boolean;
  /** Rows of `GET /intels` carry the documents themselves. */
  contentsInLists: boolean;
  /** The login answers `{session}` instead of `{data: {session}}`. */
  bareLogin: boolean;
  /** A write is done even when its client has gone before the answer. */
  doneAlone: boolean;
  /** Answers of Threat Response stand in `{data: …}`. */
  wrapped: boolean;
  /** Status of a request with a session that was good once. */
  expiredStatus: 401 | 403;
  /** Names of kinds that quick-add takes. */
  quickAddTypes: 'new' | 'old' | 'both';
  quickAddSeparator: 'newline' | 'comma' | 'both';
  /** Quick-add answers the document as a JSON text instead of XML. */
  quickAddAsJson: boolean;
  /** Status of every deploy; null when it works. */
  deployFails: number | null;
  /** How long a deployment goes on, milliseconds; another one meanwhile is refused with 400. */
  deployMs: number;
  /** Label names are the same in any case, so that a second one is refused with 400; else both are kept. */
  uniqueLabels: boolean;
  reputation: {
    /** The hash list can be read: `GET …/custom`. */
    listed: boolean;
    /** The upload answers its entries with their ids. */
    tellsIds: boolean;
    deletesBy: 'id' | 'hash' | 'either';
    /** Upper-case keys as a newer client sends them (`MD5`, `SHA-1`, `SHA-256`) instead of lower-case ones. */
    keys: 'lower' | 'upper';
  };
}

/** Who may come in, and what the server is. The rest is as for every simulator. */
export interface TaniumOptions extends Omit<SimulatorOptions, 'key'> {
  readonly api: '4' | '3';
  readonly username: string;
  readonly password: string;
  /** The login takes only this domain, if one is named here. */
  readonly domain: string | null;
  readonly token: string;
  /** Takes no password, only the token, as in the cloud. */
  readonly cloud: boolean;
  /** Idle time after which a session ends, milliseconds by its own clock. */
  readonly idleMs: number;
  /** Computer groups by id. */
  readonly groups: Readonly<Record<number, string>>;
  /** A file that keeps what it holds, so that another one can go on from there. */
  readonly persist: string | null;
  readonly behaviour: Partial<TaniumBehaviour>;
}

/** Something a document searches for. */
export interface SearchTerm {
  readonly document: string;
  readonly search: string;
  readonly contentType: string;
  readonly condition: string;
  readonly content: string;
}

/** A document with what the server tells of it. */
export interface SimulatedIntel {
  readonly id: number;
  readonly revisionId: number;
  readonly type: 'openioc' | 'stix' | 'yara' | 'tanium-signal';
  readonly typeVersion: string;
  readonly isSchemaValid: boolean;
  readonly intrinsicId: string;
  readonly name: string;
  readonly description: string;
  readonly sourceId: number;
  readonly md5: string;
  readonly contents: string;
  readonly labelIds: readonly number[];
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Why it is not valid; empty when it is. */
  readonly invalid: string;
}

/** Where documents come from. */
export interface SimulatedSource {
  readonly id: number;
  readonly type: string;
  readonly name: string;
  readonly description: string;
  readonly createdAt: string;
}

/** A label that may be on documents. */
export interface SimulatedLabel {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly createdAt: string;
}

/** A file on the hash list. */
export interface ListedHash {
  readonly id: number;
  readonly list: string;
  /** Lower-case hex; empty where unknown. */
  readonly md5: string;
  readonly sha1: string;
  readonly sha256: string;
  readonly uploadedHash: string;
  readonly notes: string;
}

/** A deployment that began. */
export interface SimulatedDeploy {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly taskId: number;
  /** Documents that went out. */
  readonly documents: number;
}

/** A scan that was asked for. */
export interface SimulatedScan {
  readonly at: number;
  readonly computerGroupId: number;
  readonly intelDocId: number;
}

/** Writes that this process did, whether or not anybody was told; refused ones do not count. */
export interface TaniumWrites {
  readonly created: number;
  readonly replaced: number;
  readonly removed: number;
  readonly sources: number;
  /** Labels made, put on documents and taken off them. */
  readonly labels: number;
  /** Uploads to the hash list and removals from it. */
  readonly hashList: number;
  readonly deploys: number;
  readonly scans: number;
  /** All of them. */
  readonly total: number;
}

/** What a test sees and does behind the server's back. Nothing here is in the request log or counts as a write. */
export interface TaniumControl {
  readonly behaviour: TaniumBehaviour;
  intels(): readonly SimulatedIntel[];
  /** What the documents search for now, in order of document id; of one source when it is named. */
  terms(sourceName?: string): readonly (SearchTerm & { readonly intelId: number })[];
  sources(): readonly SimulatedSource[];
  labels(): readonly SimulatedLabel[];
  /** Names of a document's labels, sorted. */
  labelsOf(intelId: number): readonly string[];
  hashList(): readonly ListedHash[];
  deploys(): readonly SimulatedDeploy[];
  scans(): readonly SimulatedScan[];
  writes(): TaniumWrites;
  /** Something was written since the last deploy. */
  isUndeployed(): boolean;
  /** Every session ends now. */
  expireSessions(): void;
  /** Somebody else removes a document. */
  removeIntel(id: number): void;
  /** Somebody else puts other XML into a document, under the same id. */
  editIntel(id: number, xml: string): void;
  /** Somebody else adds a document to a source. */
  addIntel(sourceId: number, xml: string): SimulatedIntel;
  removeSource(id: number): void;
  /** Takes a right away, or gives it back. */
  deny(area: TaniumArea, denied: boolean): void;
  /** After `skip` more writes, does the next `times` of them and cuts their connections. */
  dropReplyAfterWrite(times?: number, skip?: number): void;
  /** Told of every write: before it is done, and when it was, before the answer goes out. */
  onWrite(listener: ((step: TaniumStep) => void) | null): void;
  /** Milliseconds that every answer takes from now on beside its usual ones. */
  slow(ms: number): void;
}

/** A write, before and after it is done. */
export interface TaniumStep {
  readonly when: 'before' | 'after';
  readonly method: string;
  readonly path: string;
}

/** Tanium's server with Threat Response. Every option has a default; see `simulator.ts`. */
export interface TaniumSimulator extends Omit<Simulator, 'know'> {
  /** `about.did` says what a request changed. */
  readonly log: readonly LoggedRequest[];
  readonly control: TaniumControl;
}

/** What the simulator accepts unless told otherwise. Opens nothing but a simulator. */
export const SIMULATED_TANIUM = {
  username: 'assay',
  password: 'simulated-tanium-password',
  token: 'token-simulated-tanium',
} as const;

/** A proxy's page in the place of an answer. */
export const PROXY_PAGE: Fault = {
  kind: 'status',
  status: 502,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>\n',
};
