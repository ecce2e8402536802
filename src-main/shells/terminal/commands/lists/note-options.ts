import { InvalidArgumentError, type Command } from 'commander';
import { asTag, TAG_LENGTH } from '#shared/domain/annotation.ts';
import { formatOption, parseId, rowsOption } from '../../option-values.ts';
import { examples, type ProgramParts } from '../../program-parts.ts';
import type { NoteListOptions } from './note.ts';

interface WriteFlags {
  readonly text?: string;
  readonly tag?: readonly string[];
  readonly untag?: readonly string[];
  readonly clear?: boolean;
}

/** `assay note …`; `set` is what is meant without a further word. */
export function addNoteCommands(program: Command, { run }: ProgramParts): void {
  const group = program
    .command('note')
    .summary('notes and tags on hashes')
    .description(
      'Notes and tags of people. They belong to the file: every intake, look-up and report that shows one of its digests shows them. Nothing of them leaves the machine by itself.',
    );
  const load = () => import('./note.ts');

  const set = group
    .command('set', { isDefault: true })
    .summary('write on hashes; the word "set" may be left out')
    .description(
      'Writes a note or tags on hashes, in one step that can be taken back. What is not named stays. The word "set" may be left out.',
    );
  set
    .argument(
      '<hashes...>',
      'MD5, SHA-1 or SHA-256, at most 10,000; HASH,HASH are digests of one file; - finds them in standard input',
    )
    .option('--text <text>', 'the note, in place of the one there is; - reads it from standard input')
    .option('--tag <tag>', 'a tag to add; may be repeated', parseTags)
    .option('--untag <tag>', 'a tag to take away; may be repeated', parseTags)
    .option('--clear', 'take the note and all tags away, before anything is added')
    .addHelpText(
      'after',
      examples([
        'assay note set 44d88612fea8a8f36de82e1278abb02f --text "Test file of the mail gateway" --tag test',
        'assay note set --tag sweep-42 - < hashes.txt',
        'assay note set 44d88612fea8a8f36de82e1278abb02f --clear',
      ]),
    )
    .action((hashes: string[], { text, tag = [], untag = [], clear = false }: WriteFlags) => {
      if (text === undefined && tag.length === 0 && untag.length === 0 && !clear) {
        set.error('error: name --text, --tag, --untag or --clear; assay note list shows what is written');
      }
      return run(set, async (session) => (await load()).writeNotes(session, hashes, { text, tag, untag, clear }));
    });

  const list = group.command('list').description('Shows what is written, oldest first; or the tags in use.');
  list
    .option('--tag <tag>', 'only what carries this tag', parseTag)
    .option('--tags', 'the tags in use with the number of files that carry each')
    .addOption(formatOption('how it is written; the formats other than table hold all'))
    .addOption(rowsOption('notes'))
    .addHelpText('after', examples(['assay note list --tag sweep-42', 'assay note list --tags --format csv']))
    .action((options: NoteListOptions) => run(list, async (session) => (await load()).listNotes(session, options)));

  const undo = group
    .command('undo')
    .description('Takes one step back; files somebody wrote on since stay as they are. The last 100 steps are kept.');
  undo
    .argument('<step>', 'the number that note prints', parseId)
    .addHelpText('after', examples(['assay note undo 7']))
    .action((step: number) => run(undo, async (session) => (await load()).undoNotes(session, step)));
}

function parseTag(text: string): string {
  const tag = asTag(text);
  if (tag === null) {
    throw new InvalidArgumentError(`A tag has 1 to ${TAG_LENGTH} characters, no line break and no control character.`);
  }
  return tag;
}

function parseTags(text: string, before: readonly string[] = []): string[] {
  return [...before, parseTag(text)];
}
