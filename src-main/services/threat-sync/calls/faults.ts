import type { ConnectionTestView } from '#shared/contract/sources.ts';
import { AppError, assertNever, type ErrorCode } from '#shared/errors/app-error.ts';
import type { ServiceFault } from '../../../net/service-fault.ts';

/** Where a fault lies, in the words of a connection test. */
export function placeOf({ kind }: ServiceFault): ConnectionTestView['at'] {
  switch (kind) {
    case 'auth':
    case 'clock':
      return 'key';
    case 'right':
    case 'tls':
    case 'proxy':
    case 'url':
    case 'offline':
      return kind;
    case 'rate':
      return 'quota';
    case 'network':
    case 'aborted':
      return 'network';
    case 'query':
    case 'too-large':
    case 'missing':
      return 'input';
    case 'gone':
      return 'url';
    case 'server':
    case 'answer':
      return 'answer';
    default:
      return assertNever(kind);
  }
}

/** A fault as an error of a call: its own sentence, with a code that says whether trying again may help. */
export function errorOf(fault: ServiceFault): AppError {
  return new AppError(codeOf(fault), fault.message);
}

function codeOf({ kind, isPassing }: ServiceFault): ErrorCode {
  if (kind === 'aborted') {
    return 'CANCELLED';
  }
  if (kind === 'query' || kind === 'url') {
    return 'INVALID_ARGUMENT';
  }
  return isPassing ? 'UNREADABLE' : 'CONFLICT';
}
