import { programName } from '../../platform/program.ts';
import { EXIT } from './exit-codes.ts';
import type { Host } from './host.ts';
import { processHost } from './process-host.ts';
import { buildProgram, codeOfUsage } from './program.ts';
import { createOutputs, type Outputs } from './session.ts';

/** Runs the command line and returns its exit code; everything it wrote has left the process by then. */
export async function main(argv: readonly string[], host: Host = processHost()): Promise<number> {
  const outputs = createOutputs(host);
  const code = await run(argv, host, outputs);
  await outputs.out.flush();
  const failure = outputs.out.failure();
  // A command that met it has said so: then nothing was written is its code as well.
  const isUntold = failure !== null && code !== EXIT.nothing;
  if (isUntold) {
    await outputs.messages.write(`assay: ${failure.message}\n`).catch(() => undefined);
  }
  await outputs.messages.flush();
  return isUntold ? EXIT.nothing : code;
}

async function run(argv: readonly string[], host: Host, outputs: Outputs): Promise<number> {
  if (argv[0] === 'help' && argv[1] === '--markdown') {
    const { commandReference } = await import('./reference.ts');
    await outputs.out.write(commandReference(host, outputs));
    return EXIT.done;
  }
  let code: number = EXIT.done;
  const program = buildProgram(host, outputs, programName().version, (result) => {
    code = result;
  });
  try {
    await program.parseAsync(helpOf(argv), { from: 'user' });
  } catch (error) {
    const usage = codeOfUsage(error);
    if (usage === null) {
      throw error;
    }
    code = usage;
  }
  return code;
}

/** `help review decide` as `review decide --help`: commander's own help command sees one word only. */
function helpOf(argv: readonly string[]): string[] {
  const [first, ...words] = argv;
  return first === 'help' && words.length > 1 ? [...words, '--help'] : [...argv];
}
