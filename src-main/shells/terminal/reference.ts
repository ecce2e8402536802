import type { Host } from './host.ts';
import { allCommands, buildProgram } from './program.ts';
import type { Outputs } from './session.ts';

/** The command reference of the README: the help texts themselves, so that it cannot differ from them. */
export function commandReference(host: Host, outputs: Outputs): string {
  const program = buildProgram(host, outputs, '0.0.0', () => undefined);
  const [root, ...rest] = allCommands(program);
  const leaves = rest.filter((command) => command.commands.length === 0);
  const sections = leaves.map((command) => {
    const name = `${command.parent === root ? '' : `${command.parent?.name() ?? ''} `}${command.name()}`;
    return `### assay ${name}\n\n${fenced(helpText(command))}`;
  });
  return `${[fenced(helpText(root)), ...sections].join('\n\n')}\n`;
}

function fenced(text: string): string {
  return `\`\`\`text\n${text.trimEnd()}\n\`\`\``;
}

/** Help as printed, what is added after it included. */
function helpText(command: ReturnType<typeof allCommands>[number] | undefined): string {
  let text = '';
  command?.configureOutput({ ...command.configureOutput(), writeOut: (part) => (text += part) });
  command?.outputHelp();
  return text;
}
