import type { ApiAnswer } from '../../server/api.ts';
import { errorAnswer, json, refuse } from '../answers.ts';
import { objectIn, type Route, type RouteWorld } from './route.ts';

/** Sessions and computer groups: parts of Tanium's server itself, always in `{data: …}` but for the login where it is bare. */
export const SESSION_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    pattern: /^\/api\/v2\/session\/login$/,
    isPlatform: true,
    answer: ({ request }, world) => {
      const { username, password, domain } = objectIn(request);
      return loggedIn(world, username, password, domain);
    },
  },
  {
    method: 'POST',
    pattern: /^\/api\/v2\/session\/validate$/,
    isPlatform: true,
    answer: ({ request }, world) => {
      const { session } = objectIn(request);
      mustBeGood(world, session);
      return json({ session });
    },
  },
  {
    method: 'GET',
    pattern: /^\/api\/v2\/session\/current$/,
    isPlatform: true,
    answer: ({ request }, world) => {
      mustBeGood(world, request.headers['session']);
      return json({ data: { user_name: world.options.username } });
    },
  },
  {
    method: 'POST',
    pattern: /^\/api\/v2\/session\/logout$/,
    isPlatform: true,
    answer: ({ request }, world) => {
      const { session } = objectIn(request);
      world.sessions.logout(String(session));
      return json({ data: {} });
    },
  },
  {
    method: 'GET',
    pattern: /^\/api\/v2\/groups\/by-name\/([^/]+)$/,
    isPlatform: true,
    area: 'groups',
    answer: ({ params }, { options }) => {
      const found = Object.entries(options.groups).find(([, name]) => name === params[0]);
      if (found === undefined) {
        throw refuse(404, 'group not found');
      }
      return json({ data: { id: Number(found[0]), name: found[1], deleted_flag: false } });
    },
  },
];

/** Throws Refused with what the server says to a caller it does not know, or not any more. */
export function mustBeGood({ sessions, behaviour }: RouteWorld, session: unknown): void {
  const caller = typeof session === 'string' ? sessions.callerOf(session) : 'unknown';
  if (caller === 'expired') {
    throw refuse(behaviour.expiredStatus, 'session expired');
  }
  if (caller === 'unknown') {
    throw refuse(401, 'unauthorized');
  }
}

function loggedIn(
  { options, sessions, behaviour }: RouteWorld,
  ...who: readonly [unknown, unknown, unknown]
): ApiAnswer {
  if (options.cloud) {
    return errorAnswer(403, 'this server takes API tokens only');
  }
  const session = sessions.login(...who);
  if (session === null) {
    return errorAnswer(401, 'wrong user name or password');
  }
  return json(behaviour.bareLogin ? { session } : { data: { session } });
}
