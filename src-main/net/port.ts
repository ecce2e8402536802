/** One HTTP exchange as adapters ask for it. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS';
  /** Absolute. Never logged whole: `label` is what may be shown. */
  readonly url: string;
  /** What may be recorded and shown instead of the URL, e.g. `GET /files/{hash}`; no secret in it. */
  readonly label: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  readonly timeoutMs: number;
  /** Answers longer than this, after decoding, are refused. */
  readonly maxBytes: number;
}

/** A whole answer, whatever its status. Redirects are not followed: they arrive as answers. */
export interface HttpResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded (gzip, deflate, br); a body that is announced as gzip and is none arrives as it is. */
  readonly body: Uint8Array;
  readonly elapsedMs: number;
}

/** Where an exchange failed. `sent` is false only when certainly no byte of the request reached the server. */
export interface HttpFault {
  readonly kind:
    | 'offline'
    | 'refused-address'
    | 'dns'
    | 'connect'
    | 'tls'
    | 'proxy'
    | 'timeout'
    | 'cut'
    | 'oversized'
    | 'aborted';
  readonly sent: boolean;
  /** A sentence for people: what happened and what to do. No secret, no full URL. */
  readonly message: string;
  readonly elapsedMs: number;
}

export type HttpResult =
  | { readonly ok: true; readonly response: HttpResponse }
  | { readonly ok: false; readonly fault: HttpFault };

/** How one source's exchanges leave the machine. */
export interface HttpOptions {
  readonly verifyTls: boolean;
  readonly caFile: string | null;
  readonly proxy:
    | { readonly kind: 'system' }
    | { readonly kind: 'none' }
    | { readonly kind: 'manual'; readonly url: string };
  /** Name and password for the proxy, from the secret store. */
  readonly proxyCredentials: { readonly name: string; readonly password: string } | null;
  readonly concurrency: number;
}

/** Sends requests. Never rejects: every outcome is a result. */
export interface HttpClient {
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpResult>;
  close(): Promise<void>;
}

/** What the whole program decides about the network, looked at before every exchange. */
export interface NetworkRules {
  /** The offline switch, read from the database at this moment. */
  isOffline(): Promise<boolean>;
  /**
   * `simulated`: only loopback addresses, and answers need not say who they are. `real`: any address, and answers that
   * carry the simulators' mark (header `x-assay-simulated`) are refused.
   */
  readonly directory: 'real' | 'simulated';
}

/** Makes clients. The only door through which services reach a network. */
export interface Network {
  client(options: HttpOptions): HttpClient;
}
