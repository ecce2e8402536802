// The long fault test: `npm run soak -- [--hashes 100000] [--seed 1] [--faults 0.05] [--kills 200] [--rate]`. Processes ask simulators that fail now and
// then, and are killed again and again; every hash must end with a truthful status and no quota may be exceeded.
// `--year [--kills 50] [--cap 96]` lives a simulated year with every source instead. `--keep` leaves the data.
// `--sync [--indicators 100000] [--faults 0.05] [--kills 30] [--package-size 500]` syncs threat indicators instead, and
// compares what is in Threat Response with what a run without trouble leaves there.
// `--quarter [--days 92] [--kills 40]` lives a simulated quarter in two processes and compares the reputation board with the
// simulators' logs, hour by hour.
// `--formats [--minutes 60] [--from 0] [--failures FOLDER]` fuzzes everything that reads what is dropped, and reports.
// `--imports [--rows 700000] [--kills 200]` kills imports of known sets at any time and looks what answers afterwards.
// `--rate` measures the allowed rate over real minutes instead. Exits 1 when something does not hold.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureRate, RATE_CASES } from './rate.ts';
import { SIMULATED_SOURCES } from '#main/simulators/start.ts';
import { report } from './year/report.ts';
import { reportQuarter } from './quarter/report.ts';
import { year, type YearPlan } from './year/year.ts';
import { soak, type SoakPlan, type SoakResult } from './soak.ts';
import { importSoak } from './imports/soak.ts';
import { reportFormats } from './formats/report.ts';
import { reportSync } from './sync/report.ts';

const { values } = parseArgs({
  options: {
    hashes: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    faults: { type: 'string', default: '0.05' },
    kills: { type: 'string' },
    rate: { type: 'boolean', default: false },
    year: { type: 'boolean', default: false },
    quarter: { type: 'boolean', default: false },
    sync: { type: 'boolean', default: false },
    formats: { type: 'boolean', default: false },
    imports: { type: 'boolean', default: false },
    rows: { type: 'string', default: '700000' },
    minutes: { type: 'string', default: '60' },
    from: { type: 'string', default: '0' },
    failures: { type: 'string' },
    indicators: { type: 'string', default: '100000' },
    'package-size': { type: 'string', default: '500' },
    cap: { type: 'string', default: '96' },
    days: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});
const MINUTE_MS = 6_000;
/** VirusTotal takes one hash a request: a tenth of the hashes keeps a run to some minutes. */
const SINGLE_SHARE = 0.1;

const directory = mkdtempSync(join(tmpdir(), 'assay-soak-'));
try {
  process.exitCode = values.rate
    ? await rates()
    : values.year
      ? await wholeYear()
      : values.quarter
        ? await wholeQuarter()
        : values.sync
          ? await threatSync()
          : values.formats
            ? await formats()
            : values.imports
              ? await imports()
              : await faults();
} finally {
  if (values.keep) {
    console.log(`kept in ${directory}`);
  } else {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function wholeYear(): Promise<number> {
  const plan: YearPlan = {
    directory: join(directory, 'data'),
    seed: Number(values.seed),
    hashes: Number(values.hashes),
    days: Number(values.days ?? 365),
    sources: SIMULATED_SOURCES,
    faultShare: Number(values.faults),
    kills: Number(values.kills ?? 200),
    capMiB: Number(values.cap),
    say: (line) => console.log(line),
  };
  console.log(
    `a year of ${plan.hashes} hashes, seed ${plan.seed}, ${plan.faultShare * 100} % faults, ${plan.kills} kills`,
  );
  return verdict(report(plan, await year(plan)));
}

async function wholeQuarter(): Promise<number> {
  const days = Number(values.days ?? 92);
  const [seed, faultShare, kills] = [Number(values.seed), Number(values.faults), Number(values.kills ?? 40)];
  console.log(`${days} days in two processes, seed ${seed}, ${faultShare * 100} % faults, ${kills} kills`);
  const say = (line: string): void => console.log(line);
  return verdict(await reportQuarter({ directory: join(directory, 'data'), seed, days, faultShare, kills, say }));
}

function verdict(wrong: readonly string[]): number {
  for (const what of wrong) {
    console.error(`DOES NOT HOLD ${what}`);
  }
  console.log(wrong.length === 0 ? 'everything holds' : `${wrong.length} things do not hold`);
  return wrong.length === 0 ? 0 : 1;
}

async function threatSync(): Promise<number> {
  return reportSync({
    folder: directory,
    seed: Number(values.seed),
    indicators: Number(values.indicators),
    packageSize: Number(values['package-size']),
    faultShare: Number(values.faults),
    kills: Number(values.kills ?? 30),
    say: (line) => console.log(line),
  });
}

async function imports(): Promise<number> {
  const [seed, rows, kills] = [Number(values.seed), Number(values.rows), Number(values.kills ?? 200)];
  console.log(`imports of ${rows} rows, seed ${seed}, ${kills} kills`);
  const result = await importSoak({ folder: directory, seed, rows, kills, say: (line) => console.log(line) });
  console.log(`${result.kills} kills, ${result.made} imports made, ${result.resumed} resumed`);
  return verdict(result.wrong);
}

function formats(): Promise<number> {
  return reportFormats({
    directory: join(directory, 'fuzz'),
    failures: values.failures ?? join(tmpdir(), 'assay-fuzz-failures'),
    seed: Number(values.seed),
    from: Number(values.from),
    forMs: Number(values.minutes) * 60_000,
    hangMs: 60_000,
    mostResidentMb: 1_500,
    say: (line) => console.log(line),
  });
}

async function faults(): Promise<number> {
  const hashes = Number(values.hashes);
  const plan: SoakPlan = {
    directory: join(directory, 'data'),
    seed: Number(values.seed),
    minuteMs: MINUTE_MS,
    faultShare: Number(values.faults),
    latencyMs: { least: 5, most: 80 },
    kills: { least: 1_500, most: 5_000, atMost: Number(values.kills ?? 200) },
    sources: {
      wildfire: { hashes, perMinute: 120, change: { hashesPerRequest: 100, concurrency: 4, timeoutSeconds: 5 } },
      virustotal: {
        hashes: Math.ceil(hashes * SINGLE_SHARE),
        perMinute: 600,
        change: { concurrency: 8, timeoutSeconds: 5 },
      },
    },
    patienceMs: 3_600_000,
    say: (line) => console.log(line),
  };
  console.log(
    `${hashes} hashes, seed ${plan.seed}, ${plan.faultShare * 100} % faults, a minute of ${MINUTE_MS / 1000} s`,
  );
  return reportFaults(plan, await soak(plan));
}

function reportFaults(plan: SoakPlan, result: SoakResult): number {
  const faultsFound: string[] = [];
  console.log(
    `${result.seconds.toFixed(0)} s, ${result.kills} kills, slowest take-over ${result.slowestTakeOver.toFixed(0)} ms`,
  );
  for (const [source, found] of result.outcomes) {
    const rate = result.rates.get(source);
    const inFlight = result.kills * (plan.sources[source]?.change.concurrency ?? 1);
    console.log(
      `${source}: ${found.answered} answered, ${found.notKnown} not known, ${found.pending} pending, ` +
        `${found.couldNotAsk} could not ask; ${found.arrived} of ${found.reserved} requests arrived, ${found.lost} lost; ` +
        `at most ${rate?.most} of ${rate?.limit} a minute, ${rate?.refused} refused`,
    );
    const checks: readonly [boolean, string][] = [
      [
        found.missing.length === 0,
        `${found.missing.length} hashes have no status: ${found.missing.slice(0, 3).join(', ')}`,
      ],
      [
        found.wrong.length === 0,
        `${found.wrong.length} statuses are not what was said: ${found.wrong.slice(0, 3).join(', ')}`,
      ],
      [found.unrecorded.length === 0, `${found.unrecorded.length} hashes were sent without a record`],
      [found.arrived <= found.reserved, `${found.arrived} requests arrived, ${found.reserved} are in the ledger`],
      [found.lost <= inFlight, `${found.lost} requests were lost, at most ${inFlight} can have been on their way`],
      [(rate?.most ?? 0) <= (rate?.limit ?? 0) && rate?.refused === 0, 'the quota was exceeded'],
    ];
    faultsFound.push(...checks.filter(([holds]) => !holds).map(([, what]) => `${source}: ${what}`));
  }
  for (const fault of faultsFound) {
    console.error(`DOES NOT HOLD ${fault}`);
  }
  console.log(faultsFound.length === 0 ? 'everything holds' : `${faultsFound.length} things do not hold`);
  return faultsFound.length === 0 ? 0 : 1;
}

async function rates(): Promise<number> {
  const measured = await Promise.all(
    RATE_CASES.map((one, index) =>
      measureRate(join(directory, String(index)), { ...one, minuteMs: 60_000, windows: 30 }),
    ),
  );
  for (const rate of measured) {
    const share = (rate.share * 100).toFixed(2);
    console.log(
      `${rate.name}: ${share} % of ${rate.allowed} calls, at most ${rate.most} of ${rate.limit} in any minute, ${rate.refused} refused`,
    );
  }
  return measured.every(({ share, most, limit }) => share >= 0.98 && most <= limit) ? 0 : 1;
}
