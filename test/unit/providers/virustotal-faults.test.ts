import { describe, expect, it } from 'vitest';
import { readQuotas } from '#main/providers/virustotal/quotas.ts';
import { errorText, fault, NOW } from './virustotal-answers.ts';

const PAGE = '<!DOCTYPE html><html><body>Blocked</body></html>';

describe('every named error', () => {
  it.each([
    [401, 'AuthenticationRequiredError', 'auth', 'key'],
    [401, 'WrongCredentialsError', 'auth', 'key'],
    [401, 'UserNotActiveError', 'auth', 'key'],
    [403, 'ForbiddenError', 'auth', 'right'],
    [429, 'QuotaExceededError', 'quota', 'quota'],
    [429, 'TooManyRequestsError', 'quota', 'quota'],
    [503, 'TransientError', 'transient', 'answer'],
    [504, 'DeadlineExceededError', 'transient', 'answer'],
    [400, 'BadRequestError', 'invalid-input', 'input'],
    [400, 'InvalidArgumentError', 'invalid-input', 'input'],
    [400, 'NotAvailableYet', 'transient', 'answer'],
    [409, 'AlreadyExistsError', 'protocol', 'answer'],
    [424, 'FailedDependencyError', 'protocol', 'answer'],
    [410, 'NotFoundError', 'protocol', 'answer'],
    [401, 'SomethingNewError', 'auth', 'key'],
    [403, 'SomethingNewError', 'auth', 'right'],
    [429, 'constructor', 'quota', 'quota'],
    [500, 'SomethingNewError', 'transient', 'answer'],
    [418, 'SomethingNewError', 'protocol', 'answer'],
  ])('%i %s is %s at %s', (status, code, outcome, at) => {
    const found = fault(status, errorText(code, 'Some words.'));
    expect(found).toMatchObject({ outcome, at, sent: true });
    expect(found.message).toContain(`${status} ${code}, "Some words"`);
  });
});

describe('without an error object', () => {
  it.each([
    [401, '', 'auth', 'key'],
    [401, PAGE, 'protocol', 'url'],
    [403, '', 'auth', 'right'],
    [403, PAGE, 'protocol', 'url'],
    [404, '', 'protocol', 'url'],
    [404, '{"error":"no"}', 'protocol', 'url'],
    [400, '', 'protocol', 'answer'],
    [400, PAGE, 'protocol', 'url'],
    [408, '', 'transient', 'network'],
    [429, PAGE, 'quota', 'quota'],
    [301, '', 'protocol', 'url'],
    [502, PAGE, 'transient', 'answer'],
    [204, '', 'protocol', 'answer'],
  ])('%i with %o is %s at %s', (status, text, outcome, at) => {
    expect(fault(status, text)).toMatchObject({ outcome, at });
  });
});

describe('a quota', () => {
  it.each([
    [undefined, 'minute', 60],
    ['1', 'minute', 1],
    ['120', 'minute', 120],
    ['121', null, 121],
    ['18000', null, 18_000],
    ['54000', 'day', 54_000],
    ['54060', 'day', 54_060],
    ['Tue, 01 Dec 2026 00:00:00 GMT', 'month', 8 * 86_400 + 54_000],
    ['-4', 'minute', 60],
    ['9999999999', 'minute', 60],
  ])('with Retry-After %s is of the window %s, for %i s', (header, window, seconds) => {
    const headers: Record<string, string> = header === undefined ? {} : { 'retry-after': header };
    expect(fault(429, errorText('QuotaExceededError'), headers)).toMatchObject({
      outcome: 'quota',
      window,
      until: NOW + seconds * 1000,
    });
  });
});

describe('words of the source', () => {
  it('never hold the key, however it is written', () => {
    const key = 'Ab/9+key of a test';
    for (const said of [key, key.toUpperCase(), key.toLowerCase(), encodeURIComponent(key)]) {
      const { message } = fault(401, errorText('WrongCredentialsError', `User "${said}" not found`), {}, key);
      expect(message).toBe(
        'VirusTotal refused the key (401 WrongCredentialsError, "User "(key)" not found"). Enter a valid key.',
      );
    }
  });

  it('are one line of at most 200 characters', () => {
    const { message } = fault(500, errorText('TransientError', `a\u001b[31m\r\nb ${'long '.repeat(200)}`));
    expect(message).toContain('"a [31m b long');
    expect(message.length).toBeLessThan(300);
  });
});

describe('the quotas of an account', () => {
  const read = (data: unknown): ReturnType<typeof readQuotas> =>
    readQuotas({ body: Buffer.from(JSON.stringify({ data })) });
  const user = (used: number | null, allowed: number | null): unknown => ({ user: { used, allowed } });

  it('are learned per window, without those that set no limit', () => {
    expect(
      read({
        api_requests_hourly: user(1, 240),
        api_requests_daily: user(17, 500),
        api_requests_monthly: user(900, 1_000_000_000),
        intelligence_searches_monthly: user(0, 10),
      }),
    ).toEqual([
      { window: 'hour', allowed: 240, used: 1 },
      { window: 'day', allowed: 500, used: 17 },
    ]);
  });

  it('are those of the group where it leaves less', () => {
    expect(
      read({
        api_requests_daily: {
          user: { used: 10, allowed: 1000 },
          group: { used: 4990, allowed: 5000, inherited_from: 'a-group' },
        },
        api_requests_monthly: { group: { used: null, allowed: 100_000 } },
      }),
    ).toEqual([
      { window: 'day', allowed: 5000, used: 4990 },
      { window: 'month', allowed: 100_000, used: null },
    ]);
  });

  it.each([
    ['nothing', {}],
    ['other things', { id: 'x', type: 'user' }],
    ['nulls', { api_requests_daily: null }],
  ])('are not told by %s', (_, data) => {
    expect(read(data)).toBeNull();
  });

  it('a limit of zero or a text is no limit that could be kept', () => {
    expect(read({ api_requests_daily: user(0, 0), api_requests_monthly: { user: { allowed: '5' } } })).toEqual([]);
  });
});
