// Runs the named group of checks and prints one closing line: "N passed, N failed".
// Static checks count as one each; tests count one by one.
import { spawn } from 'node:child_process';
import { readFileSync, rmSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (path) => `${root}node_modules/${path}`;
const vitest = bin('vitest/vitest.mjs');
const config = `${root}test/config/vitest.config.ts`;
const report = `${root}.build/test-report.json`;

const statics = [
  ['format', [bin('oxfmt/bin/oxfmt'), '--check', '.']],
  ['lint', [bin('oxlint/bin/oxlint'), '--deny-warnings']],
  ['types', [bin('typescript/bin/tsc'), '-b']],
];

const groups = {
  check: { statics, builds: [], projects: ['unit'] },
  test: {
    statics,
    builds: [['build', [`${root}.scripts/build.mjs`]]],
    projects: ['unit', 'db', 'providers', 'integration', 'renderer', 'e2e'],
  },
  electron: { statics: [], builds: [['build', [`${root}.scripts/build.mjs`]]], projects: ['electron'] },
};

const name = process.argv[2] ?? 'test';
const group = groups[name];
if (group === undefined) {
  console.error(`run: "${name}" is not one of ${Object.keys(groups).join(', ')}`);
  process.exit(2);
}

// Tests start many threads and processes of the program: what one has compiled, the next need not.
const env = { ...process.env, NODE_COMPILE_CACHE: `${root}.build/compile-cache` };

/** @returns {Promise<number>} */
function run(args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

let passed = 0;
let failed = 0;
let skipped = 0;
const skippedNames = [];
const started = Date.now();
for (const [label, args] of [...group.statics, ...group.builds]) {
  const at = Date.now();
  const code = await run(args);
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${label} (${((Date.now() - at) / 1000).toFixed(1)} s)`);
  if (code === 0) {
    passed += 1;
  } else {
    failed += 1;
  }
}
if (group.projects.length > 0) {
  mkdirSync(`${root}.build`, { recursive: true });
  rmSync(report, { force: true });
  const args = [
    vitest,
    'run',
    '--config',
    config,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  const extra = process.argv.slice(3);
  const failedBefore = failed;
  const code = await run([...args, ...group.projects.flatMap((project) => ['--project', project]), ...extra]);
  let tests;
  try {
    tests = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    tests = null;
  }
  if (tests === null) {
    failed += 1;
    console.log('FAIL tests: the runner wrote no report');
  } else {
    passed += tests.numPassedTests;
    failed += tests.numFailedTests;
    for (const file of tests.testResults) {
      for (const test of file.assertionResults) {
        if (test.status !== 'passed' && test.status !== 'failed') {
          skipped += 1;
          skippedNames.push(test.fullName);
        }
      }
      if (file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed')) {
        failed += 1;
        console.log(`FAIL ${file.name}: ${file.message}`);
      }
    }
    if (code !== 0 && failed === failedBefore) {
      failed += 1;
      console.log(`FAIL tests: the runner ended with code ${code}`);
    }
  }
}
console.log(`took ${((Date.now() - started) / 1000).toFixed(0)} s`);
if (skipped > 0) {
  console.log(`skipped here (what they need is not on this machine): ${skippedNames.join('; ')}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
