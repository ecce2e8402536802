import type { ServiceFault, ServiceResult } from '../../../net/service-fault.ts';
import { isObject, textOf, unwrapped } from './fields.ts';
import { oddAnswer, unsentFault } from './faults.ts';
import type { Answer, Ask, Sender, TaniumOptions } from './sender.ts';

/** What goes into the `session` header. */
export interface Session {
  readonly value: string;
  /** It was made while whoever asks for it waited. */
  readonly isFresh: boolean;
}

/** The session of one connection. Whoever needs one at the same time waits for the same log-in. */
export interface SessionKeeper {
  /** Logs in when there is none. */
  current(signal: AbortSignal): Promise<ServiceResult<Session>>;
  /** Takes the place of one that was refused; null when there is no other to be had (an API token). */
  renewed(refused: Session, signal: AbortSignal): Promise<ServiceResult<Session> | null>;
  /** Logs out, if somebody was logged in. Never fails. */
  end(): Promise<void>;
}

const LOGOUT_MS = 5000;

/**
 * Sessions by user name and password, or an API token in their place. A user name and password that were refused are not
 * tried again: repeating them locks accounts.
 *
 * Log-in: `POST /api/v2/session/login`, developer.tanium.com, "Authentication".
 */
export function createSessionKeeper(
  sender: Sender,
  options: TaniumOptions,
  hint: string,
  closing: AbortSignal,
): SessionKeeper {
  return options.config.taniumAuth === 'token'
    ? tokenKeeper(options.secret.trim())
    : passwordKeeper(sender, options, hint, closing);
}

function tokenKeeper(token: string): SessionKeeper {
  const session: ServiceResult<Session> = isHeaderValue(token)
    ? { ok: true, value: { value: token, isFresh: true } }
    : {
        ok: false,
        fault: unsentFault('auth', 'The API token of Tanium holds characters that no token has. Give it again.'),
      };
  return { current: async () => session, renewed: async () => null, end: async () => undefined };
}

function passwordKeeper(sender: Sender, options: TaniumOptions, hint: string, closing: AbortSignal): SessionKeeper {
  let value: string | null = null;
  let pending: Promise<ServiceResult<Session>> | null = null;
  const logIn = createLogIn(sender, options, hint, closing);
  const fresh = (signal: AbortSignal): Promise<ServiceResult<Session>> => {
    pending ??= logIn()
      .then((result) => {
        value = result.ok ? result.value.value : null;
        return result;
      })
      .finally(() => {
        pending = null;
      });
    return unlessAborted(pending, signal);
  };
  return {
    current: async (signal) => (value === null ? fresh(signal) : { ok: true, value: { value, isFresh: false } }),
    renewed: async (old, signal) => {
      if (value !== null && value !== old.value) {
        return { ok: true, value: { value, isFresh: true } };
      }
      value = null;
      return fresh(signal);
    },
    end: async () => {
      // One that is just being made would be left open.
      await pending;
      if (value !== null) {
        const ended = value;
        value = null;
        await sender.send(logoutOf(ended), { value: ended, isFresh: false }, AbortSignal.timeout(LOGOUT_MS));
      }
    },
  };
}

/** Logs in, or repeats the refusal of before. */
function createLogIn(
  sender: Sender,
  options: TaniumOptions,
  hint: string,
  closing: AbortSignal,
): () => Promise<ServiceResult<Session>> {
  let refused: ServiceFault | null = null;
  return async () => {
    if (refused !== null) {
      return { ok: false, fault: refused };
    }
    const result = sessionIn(await sender.send(loginOf(options), null, closing), hint);
    if (result.ok) {
      sender.keepSecret(result.value.value);
    } else if (result.fault.kind === 'auth') {
      refused = result.fault;
    }
    return result;
  };
}

function loginOf({ config, secret }: TaniumOptions): Ask {
  const domain = config.taniumDomain.trim();
  return {
    method: 'POST',
    path: '/api/v2/session/login',
    what: 'log in',
    body: JSON.stringify({
      username: config.taniumUsername.trim(),
      password: secret,
      ...(domain === '' ? {} : { domain }),
    }),
  };
}

function logoutOf(session: string): Ask {
  return { method: 'POST', path: '/api/v2/session/logout', what: 'log out', body: JSON.stringify({ session }) };
}

/** Old and new servers differ in whether the reply is wrapped. No fault of a log-in means that the request itself was sent. */
function sessionIn(answer: Answer, hint: string): ServiceResult<Session> {
  if (!answer.ok) {
    return { ok: false, fault: { ...refusedLogin(answer.fault, answer.body?.kind === 'page', hint), sent: false } };
  }
  const fields = answer.body.kind === 'json' ? unwrapped(answer.body.value) : null;
  const value = isObject(fields) ? textOf(fields['session']).trim() : '';
  if (isHeaderValue(value)) {
    return { ok: true, value: { value, isFresh: true } };
  }
  const odd = oddAnswer(answer.status, 'holds no session', answer.asking);
  return { ok: false, fault: { ...odd, message: withHint(odd.message, hint), sent: false } };
}

function refusedLogin(fault: ServiceFault, isPage: boolean, hint: string): ServiceFault {
  const { httpStatus: status } = fault;
  if (!isPage && (status === 400 || status === 401 || status === 403)) {
    const said = fault.message.slice(0, fault.message.indexOf(' when asked to '));
    const advice = 'Check Tanium Username, Tanium Password and the domain. Tanium Cloud takes API tokens only.';
    return { ...fault, kind: 'auth', message: `${said} to the log-in. ${advice}` };
  }
  // Trouble over there (5xx), a limit or a proxy say nothing about the address.
  const isElsewhere = ['answer', 'gone', 'url'].includes(fault.kind);
  return isElsewhere ? { ...fault, kind: 'url', message: withHint(`${fault.message} ${CHECK}`, hint) } : fault;
}

const CHECK = 'Where the log-in is not found, the Tanium Address is not that of the server.';

function withHint(message: string, hint: string): string {
  return hint === '' ? message : `${message} ${hint}`;
}

/** What a header can carry as it is. */
function isHeaderValue(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

function unlessAborted<T>(pending: Promise<ServiceResult<T>>, signal: AbortSignal): Promise<ServiceResult<T>> {
  return new Promise((resolve, reject) => {
    const abort = (): void =>
      resolve({ ok: false, fault: unsentFault('aborted', 'The request was ended from this side.') });
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener('abort', abort, { once: true });
    void pending.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
