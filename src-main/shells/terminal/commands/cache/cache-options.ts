import type { Command } from 'commander';
import { forceOption, formatOption, outOption } from '../../option-values.ts';
import { examples, type ProgramParts } from '../../program-parts.ts';
import type { PurgeOptions } from './cache-purge.ts';

/** `assay cache …`. */
export function addCacheCommands(program: Command, { run }: ProgramParts): void {
  const group = program
    .command('cache')
    .summary('reputation items, backup and check')
    .description('The reputation items on this machine, and the data directory as a whole.');
  const load = () => import('./cache.ts');

  const bring = group
    .command('import')
    .description('Reads reputation items from JSON Lines (described in the README).');
  bring
    .argument('<file>', 'one JSON object a line; - is standard input')
    .option('--strict', 'exit 4 when a line is rejected')
    .addHelpText('after', examples(['assay cache import items.jsonl', 'zcat items.jsonl.gz | assay cache import -']))
    .action((file: string, options: { readonly strict?: boolean }) =>
      run(bring, async (session) => (await load()).importItems(session, file, options.strict === true)),
    );

  const save = group
    .command('export')
    .description('Writes all answered reputation items as JSON Lines that import reads back.');
  save
    .addOption(outOption())
    .addOption(forceOption())
    .addHelpText('after', examples(['assay cache export --out items.jsonl', 'assay cache export | head']))
    .action((options: { readonly out?: string }) =>
      run(save, async (session) => (await load()).exportItems(session, options.out)),
    );

  const stats = group.command('stats').description('Says what the cache holds and how large it is.');
  stats
    .addOption(formatOption('how it is written', ['table', 'json']))
    .addHelpText('after', examples(['assay cache stats', 'assay cache stats --format json']))
    .action((options: { readonly format: 'table' | 'json' }) =>
      run(stats, async (session) => (await load()).showStats(session, options.format)),
    );

  const purge = group
    .command('purge')
    .description('Removes what nobody asked for within the Remove Item Interval (setting removeItemDays).');
  purge
    .option('--dry-run', 'say what would be removed and what would stay; remove nothing')
    .addOption(formatOption('how it is written', ['table', 'json']))
    .addHelpText(
      'after',
      examples(['assay cache purge --dry-run', 'assay cache purge', 'assay cache purge --dry-run --format json']),
    )
    .action((options: PurgeOptions) =>
      run(purge, async (session) => (await import('./cache-purge.ts')).purgeCache(session, options)),
    );

  const verify = group
    .command('verify')
    .description('Checks every page, row and packed file. Exit 1 when anything is damaged.');
  verify
    .addHelpText('after', examples(['assay cache verify']))
    .action(() => run(verify, async (session) => (await load()).verifyCache(session)));

  const backup = group.command('backup').description('Copies database, intakes and known sets as of one moment.');
  backup
    .argument('<folder>', 'a new folder; it must not exist')
    .addHelpText('after', examples(['assay cache backup /backup/assay-2026-11-22']))
    .action((folder: string) => run(backup, async (session) => (await load()).backupCache(session, folder)));

  const restore = group.command('restore').description('Puts a backup in place. What was there is kept beside it.');
  restore
    .argument('<folder>', 'a folder that backup wrote')
    .addHelpText('after', examples(['assay cache restore /backup/assay-2026-11-22']))
    .action((folder: string) => run(restore, async (session) => (await load()).restoreCache(session, folder)));
}
