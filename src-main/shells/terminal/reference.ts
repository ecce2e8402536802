import type { Command } from 'commander';
import type { Host } from './host.ts';
import { allCommands, buildProgram } from './program.ts';
import type { Outputs } from './session.ts';

/** The command reference of the README: the help texts themselves, so that it cannot differ from them. */
export function commandReference(host: Host, outputs: Outputs): string {
  const program = buildProgram(host, outputs, '0.0.0', () => undefined);
  const groups = program.commands.map((group) => {
    const leaves = allCommands(group).filter((command) => command.commands.length === 0);
    const texts = leaves.map((command) => fenced(helpText(command)));
    return `<details>\n<summary><code>assay ${group.name()}</code>: ${group.summary()}</summary>\n\n${texts.join('\n\n')}\n\n</details>`;
  });
  return `${[fenced(helpText(program)), ...groups].join('\n\n')}\n`;
}

function fenced(text: string): string {
  return `\`\`\`text\n${text.trimEnd()}\n\`\`\``;
}

/** Help as printed, what is added after it included. */
function helpText(command: Command): string {
  let text = '';
  command.configureOutput({ ...command.configureOutput(), writeOut: (part) => (text += part) });
  command.outputHelp();
  return text;
}
