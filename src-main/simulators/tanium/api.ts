import type { ApiAnswer, ApiReading, ApiRequest, SimulatedApi } from '../server/api.ts';
import { errorAnswer, refuse, Refused } from './answers.ts';
import { PROXY_PAGE, type TaniumArea, type TaniumStep } from './port.ts';
import { DEPLOY_ROUTES } from './routes/deploy.ts';
import { INTEL_ROUTES } from './routes/intels.ts';
import { LABEL_ROUTES } from './routes/labels.ts';
import { QUICK_ADD_ROUTES } from './routes/quick-add.ts';
import { REPUTATION_ROUTES } from './routes/reputation.ts';
import type { Route, RouteWorld, Write } from './routes/route.ts';
import { mustBeGood, SESSION_ROUTES } from './routes/session.ts';
import { SOURCE_ROUTES } from './routes/sources.ts';

/** What goes on around the routes. */
export interface ApiParts {
  readonly world: RouteWorld;
  readonly denied: ReadonlySet<TaniumArea>;
  counted(what: Write['counts']): void;
  step(step: TaniumStep): void;
  /** True when nobody is to be told of this write. */
  dropsReply(): boolean;
}

const PREFIXES = { '4': '/plugin/products/threat-response/api/v1', '3': '/plugin/products/detect3/api/v1' } as const;
const ROUTES: readonly Route[] = [
  ...SESSION_ROUTES,
  ...SOURCE_ROUTES,
  ...QUICK_ADD_ROUTES,
  ...LABEL_ROUTES,
  ...INTEL_ROUTES,
  ...DEPLOY_ROUTES,
  ...REPUTATION_ROUTES,
];

/** Tanium's HTTP interface. Whatever a request does, it does when its answer is made: a fault before that does nothing. */
export function createTaniumApi(parts: ApiParts): SimulatedApi {
  return {
    name: 'tanium',
    basePath: '',
    faults: [{ kind: 'status', status: 500 }, PROXY_PAGE, { kind: 'cut' }, { kind: 'html' }, { kind: 'lost' }],
    read(request): ApiReading {
      const about: Record<string, unknown> = {};
      return {
        kind: 'asked',
        hashes: [],
        about,
        cost: 1,
        isDoneAlone: parts.world.behaviour.doneAlone,
        answer: () => answerTo(request, about, parts),
        overLimit: () => errorAnswer(429, 'too many requests'),
      };
    },
  };
}

function answerTo(request: ApiRequest, about: Record<string, unknown>, parts: ApiParts): ApiAnswer {
  try {
    const { route, params } = routeOf(request, parts.world);
    if (route.area !== undefined) {
      mustBeGood(parts.world, request.headers['session']);
    }
    if (route.area !== undefined && parts.denied.has(route.area)) {
      throw refuse(403, `no right for ${route.area}`);
    }
    const answer = route.answer({ request, params }, parts.world);
    return 'kind' in answer ? written(request, answer, about, parts) : answer;
  } catch (error) {
    if (error instanceof Refused) {
      return error.answer;
    }
    throw error;
  }
}

function written(request: ApiRequest, write: Write, about: Record<string, unknown>, parts: ApiParts): ApiAnswer {
  const { method, path } = request;
  parts.step({ when: 'before', method, path });
  const { answer, did } = write.perform();
  about['did'] = did;
  parts.counted(write.counts);
  parts.step({ when: 'after', method, path });
  return parts.dropsReply() ? { ...answer, lost: true } : answer;
}

/** Throws Refused: 404 for a path of another version, or none; 405 where only the method is wrong. */
function routeOf(
  request: ApiRequest,
  world: RouteWorld,
): { readonly route: Route; readonly params: readonly string[] } {
  const prefix = PREFIXES[world.options.api];
  const behind = request.path.startsWith(`${prefix}/`) ? request.path.slice(prefix.length) : null;
  const pathFor = (route: Route): string | null => (route.isPlatform === true ? request.path : behind);
  const there = ROUTES.filter((route) => route.pattern.test(pathFor(route) ?? ''));
  const route = there.find((each) => each.method === request.method);
  if (route === undefined) {
    throw there.length > 0 ? refuse(405, 'method not allowed') : refuse(404, 'not found');
  }
  const [, ...groups] = route.pattern.exec(pathFor(route) ?? '') ?? [];
  return { route, params: groups.map(decoded) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw refuse(400, 'the path is not valid');
  }
}
