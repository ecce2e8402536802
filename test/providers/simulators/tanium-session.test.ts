import { describe, expect, it } from 'vitest';
import {
  ask,
  closeAfterEach,
  dataOf,
  NOW,
  password,
  PREFIX_3,
  PREFIX_4,
  started,
  token,
  username,
} from './tanium-stage.ts';

closeAfterEach();

const LOGIN = '/api/v2/session/login';
const login = async (simulator: Awaited<ReturnType<typeof started>>, json: unknown = { username, password }) =>
  ask(simulator, 'POST', LOGIN, { session: null, json });

describe('sessions', () => {
  it('open with a name and a password, are looked at and close', async () => {
    const simulator = await started();
    const session = String(dataOf(await login(simulator))['session']);
    expect(session).toMatch(/^1-224-/);
    const good = [
      await ask(simulator, 'GET', '/sources', { session }),
      await ask(simulator, 'POST', '/api/v2/session/validate', { session: null, json: { session } }),
      await ask(simulator, 'GET', '/api/v2/session/current', { session }),
      await ask(simulator, 'POST', '/api/v2/session/logout', { session: null, json: { session } }),
    ];
    expect(good.map((answer) => answer.status)).toEqual([200, 200, 200, 200]);
    expect(good[1]?.body).toEqual({ session });
    expect(good[2]?.body).toEqual({ data: { user_name: username } });
    expect(await ask(simulator, 'GET', '/sources', { session })).toMatchObject({ status: 401 });
    expect(await ask(simulator, 'POST', '/api/v2/session/validate', { json: { session } })).toMatchObject({
      status: 401,
    });
  });

  it('stay shut for everybody else', async () => {
    const simulator = await started({ domain: 'corp' });
    const wrong = [
      { username, password },
      { username, password, domain: 'other' },
      { username, password: 'wrong', domain: 'corp' },
      { username: 'other', password, domain: 'corp' },
      {},
    ];
    for (const json of wrong) {
      expect(await login(simulator, json)).toMatchObject({
        status: 401,
        body: { text: 'wrong user name or password' },
      });
    }
    expect(await login(simulator, { username, password, domain: 'corp' })).toMatchObject({ status: 200 });
    expect(await ask(simulator, 'POST', LOGIN, { body: '{' })).toMatchObject({ status: 400 });
    for (const session of [null, '', 'token-other', '1-224-made-up']) {
      expect(await ask(simulator, 'GET', '/sources', { session })).toMatchObject({ status: 401 });
    }
    const bearer = { headers: { authorization: `Bearer ${token}` }, session: null };
    expect(await ask(simulator, 'GET', '/sources', bearer)).toMatchObject({ status: 401 });
  });

  it('end when nobody used them for five minutes, by its own clock', async () => {
    let now = NOW;
    const simulator = await started({ now: () => now });
    const session = String(dataOf(await login(simulator))['session']);
    const statuses: number[] = [];
    for (const passed of [300_000, 300_000, 300_001, 0]) {
      now += passed;
      statuses.push((await ask(simulator, 'GET', '/sources', { session })).status);
    }
    expect(statuses).toEqual([200, 200, 403, 403]);
    simulator.control.behaviour.expiredStatus = 401;
    expect(await ask(simulator, 'GET', '/sources', { session })).toMatchObject({ status: 401 });
    expect(await ask(simulator, 'GET', '/sources')).toMatchObject({ status: 200 });
  });

  it('end all at once when told, and the token does not', async () => {
    const simulator = await started({ behaviour: { bareLogin: true } });
    const { session } = (await login(simulator)).body as { readonly session: string };
    expect(await ask(simulator, 'GET', '/sources', { session })).toMatchObject({ status: 200 });
    simulator.control.expireSessions();
    expect(await ask(simulator, 'GET', '/sources', { session })).toMatchObject({ status: 403 });
    expect(await ask(simulator, 'GET', '/sources')).toMatchObject({ status: 200 });
  });

  it('do not open in the cloud', async () => {
    const simulator = await started({ cloud: true });
    expect(await login(simulator)).toMatchObject({ status: 403 });
    expect(await ask(simulator, 'GET', '/sources')).toMatchObject({ status: 200 });
  });
});

describe('the way in', () => {
  it('is another path for each version, and each wraps in its own way', async () => {
    const [four, three] = [await started(), await started({ api: '3' })];
    expect(await ask(four, 'GET', `${PREFIX_4}/sources`)).toMatchObject({
      status: 200,
      body: { data: [{ id: 1 }, { id: 2 }] },
    });
    expect(await ask(four, 'GET', `${PREFIX_3}/sources`)).toMatchObject({ status: 404 });
    expect(await ask(three, 'GET', `${PREFIX_3}/sources`)).toMatchObject({ status: 200, body: [{ id: 1 }, { id: 2 }] });
    expect(await ask(three, 'GET', `${PREFIX_4}/sources`)).toMatchObject({ status: 404, body: { text: 'not found' } });
    expect(await ask(four, 'PATCH', '/sources')).toMatchObject({ status: 405 });
    expect(await ask(four, 'GET', '/nothing')).toMatchObject({ status: 404 });
    expect(await ask(four, 'GET', '/api/v2/groups/by-name/%')).toMatchObject({ status: 400 });
  });

  it('is closed where a right was taken away', async () => {
    const simulator = await started();
    simulator.control.deny('deploy', true);
    expect(await ask(simulator, 'POST', '/intel/deploy')).toMatchObject({
      status: 403,
      body: { text: 'no right for deploy' },
    });
    expect(await ask(simulator, 'GET', '/sources')).toMatchObject({ status: 200 });
    simulator.control.deny('deploy', false);
    expect(await ask(simulator, 'POST', '/intel/deploy')).toMatchObject({ status: 200 });
  });

  it('leads to computer groups by name', async () => {
    const simulator = await started({ groups: { 7: 'All Computers / West' } });
    const found = await ask(simulator, 'GET', `/api/v2/groups/by-name/${encodeURIComponent('All Computers / West')}`);
    expect(dataOf(found)).toMatchObject({ id: 7, name: 'All Computers / West' });
    expect(await ask(simulator, 'GET', '/api/v2/groups/by-name/none')).toMatchObject({ status: 404 });
  });

  it('keeps passwords, sessions and tokens out of its log', async () => {
    const simulator = await started();
    const session = String(dataOf(await login(simulator))['session']);
    await ask(simulator, 'GET', '/sources', { session });
    await ask(simulator, 'GET', '/sources');
    const log = JSON.stringify(simulator.log);
    expect(simulator.log.map(({ method, path, status }) => [method, path, status])).toEqual([
      ['POST', LOGIN, 200],
      ['GET', `${PREFIX_4}/sources`, 200],
      ['GET', `${PREFIX_4}/sources`, 200],
    ]);
    expect([session, password, token].filter((secret) => log.includes(secret))).toEqual([]);
  });
});
