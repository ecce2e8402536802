import { describe, expect, it } from 'vitest';
import { defaultSyncJob, syncJobConfigSchema, type SyncJobConfig } from '#shared/settings/sync-job.ts';
import { changeOf, changeOfFile, settingLines } from '#main/shells/terminal/commands/sync/job-settings.ts';

const FULL: SyncJobConfig = syncJobConfigSchema.parse({
  threatConnectUrl: 'https://acme.threatconnect.com/api',
  accessId: '12345',
  threatConnectProxy: { kind: 'manual', url: 'http://proxy:8080' },
  taniumUrl: 'https://tanium.example.com',
  taniumCaFile: '/etc/own, ca.pem',
  verifyTaniumTls: false,
  sourceName: 'true',
  owners: ['A, B and C', 'Öffentlich', '42'],
  types: ['File', 'Host'],
  tql: 'typeName in ("File") and a = "b,c"',
  includeTags: ['x=y'],
  minRating: 2.5,
  minConfidence: 0,
  schedule: { kind: 'daily', at: '06:30' },
  reconcileHours: null,
  deploy: false,
  own: ['10.0.0.0/8', 'corp.example'],
  raiseFromRating: 4,
  logLevel: 'debug',
});

describe('settings of a sync job as words', () => {
  it.each([
    ['defaults', defaultSyncJob()],
    ['every kind of value', FULL],
  ])('read back as they were printed: %s', (_, config) => {
    expect(changeOf(settingLines(config))).toEqual(config);
  });

  it('takes schedules as people write them', () => {
    const of = (text: string) => changeOf([`schedule=${text}`]).schedule;
    expect(of('90')).toEqual({ kind: 'interval', minutes: 90 });
    expect(of('every 30 minutes')).toEqual({ kind: 'interval', minutes: 30 });
    expect(of('daily 6:05')).toEqual({ kind: 'daily', at: '06:05' });
  });

  it.each([
    [['minRating=6'], /minRating: it must be at most 5\. Nothing was changed/],
    [['minRating=high'], /minRating: it must be a number/],
    [['types=File,URL'], /types\.1: it must be Address or File or Host/],
    [['schedule=often'], /schedule: it must be minutes/],
    [['schedule=1'], /schedule\.minutes: it must be at least 5/],
    [['schedule=25:00'], /schedule: it must be minutes.*or a time of day/],
    [['nonsense=1'], /"nonsense" is not a setting of a sync job\. There are threatConnectUrl/],
    [['__proto__=1'], /is not a setting/],
    [['minRating=1', 'bare'], /Word 2 after the job is not name=value/],
    [['minRating'], /a value is missing/],
    [['deploy=perhaps'], /deploy: it must be true or false/],
  ])('refuses %j and says why', (words, message) => {
    expect(() => changeOf(words)).toThrow(message);
  });

  it('refuses a secret without saying it again', () => {
    for (const word of ['taniumPassword=hunter2', 'secretKey=hunter2', 'token=hunter2']) {
      expect(() => changeOf([word])).toThrow(/A secret is never an argument/);
      expect(() => changeOf([word])).not.toThrow(/hunter2/);
    }
  });

  it('reads a file of settings, and names file and field of what is wrong', () => {
    expect(changeOfFile(JSON.stringify(FULL), 'job.json')).toEqual(FULL);
    expect(() => changeOfFile('{"minRating": "4"}', 'job.json')).toThrow(/job\.json: minRating: it must be a number/);
    expect(() => changeOfFile('{"rating": 4}', 'job.json')).toThrow(/job\.json: "rating" is not a setting/);
    expect(() => changeOfFile('{"minRating": 4', 'job.json')).toThrow(/job\.json is no JSON: /);
    expect(() => changeOfFile('[1]', 'job.json')).toThrow(/must hold an object/);
  });
});
