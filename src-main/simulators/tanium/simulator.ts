import { createSimulator } from '../server/server.ts';
import { createTaniumApi } from './api.ts';
import { createControl } from './control.ts';
import { openJournal } from './journal.ts';
import { SIMULATED_TANIUM, type TaniumBehaviour, type TaniumOptions, type TaniumSimulator } from './port.ts';
import { createSessions } from './sessions.ts';
import { createState, type Change, type TaniumState } from './state.ts';

const MINUTE_MS = 60_000;

const DEFAULTS: TaniumOptions = {
  port: 0,
  limits: { perMinute: null, perDay: null, perMonth: null },
  latencyMs: { least: 0, most: 0 },
  faultShare: 0,
  seed: 1,
  now: Date.now,
  minuteMs: MINUTE_MS,
  tls: null,
  ...SIMULATED_TANIUM,
  api: '4',
  domain: null,
  cloud: false,
  idleMs: 5 * MINUTE_MS,
  groups: { 1: 'All Computers', 2: 'Servers', 3: 'Test machines' },
  persist: null,
  behaviour: {},
};

/**
 * Serves Tanium with Threat Response on 127.0.0.1, version 4 unless told otherwise, with the two
 * sources that every server has. Rejects when the port is taken.
 */
export async function createTaniumSimulator(given: Partial<TaniumOptions> = {}): Promise<TaniumSimulator> {
  const options: TaniumOptions = { ...DEFAULTS, ...given };
  const state = openState(options);
  const behaviour = behaviourOf(options);
  const world = { options, behaviour, state, sessions: createSessions(options) };
  const { control, steering } = createControl(world);
  const latencyMs = {
    get least() {
      return options.latencyMs.least + steering.latencyMs();
    },
    get most() {
      return options.latencyMs.most + steering.latencyMs();
    },
  };
  const api = createTaniumApi({ world, ...steering });
  const served = await createSimulator(api, { ...options, key: options.token, latencyMs });
  return {
    url: served.url,
    log: served.log,
    script: (faults) => served.script(faults),
    close: () => served.close(),
    control,
  };
}

function openState(options: TaniumOptions): TaniumState {
  const journal = options.persist === null ? null : openJournal(options.persist);
  let isReplaying = true;
  const state = createState((change) => {
    if (!isReplaying) {
      journal?.add(change);
    }
  });
  journal?.earlier.forEach((change) => state.apply(change));
  isReplaying = false;
  if (state.sources.size === 0) {
    beginnings(options.now()).forEach((change) => state.apply(change));
  }
  return state;
}

/** What every server has before a client came: sources 1 and 2. */
function beginnings(now: number): readonly Change[] {
  const createdAt = new Date(now).toISOString();
  return [
    {
      kind: 'source',
      source: { id: 1, type: 'user-upload', name: 'Uploads', description: 'Uploaded by hand', createdAt },
    },
    {
      kind: 'source',
      source: { id: 2, type: 'tanium-signals', name: 'Tanium Signals', description: 'Tanium Signals', createdAt },
    },
  ];
}

function behaviourOf({ api, behaviour }: TaniumOptions): TaniumBehaviour {
  return {
    maxDocumentBytes: null,
    maxIndicators: null,
    tooLarge: 'json-413',
    invalidDocuments: 'kept',
    sameRootId: 'second',
    ignoreSourceFilter: false,
    ignorePaging: false,
    contentsInLists: false,
    bareLogin: false,
    doneAlone: true,
    wrapped: api === '4',
    expiredStatus: 403,
    quickAddTypes: api === '4' ? 'new' : 'old',
    quickAddSeparator: 'newline',
    quickAddAsJson: false,
    deployFails: null,
    deployMs: 0,
    uniqueLabels: true,
    reputation: { listed: true, tellsIds: true, deletesBy: 'either', keys: 'lower' },
    ...behaviour,
  };
}
