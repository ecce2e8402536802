import { AppError } from '#shared/errors/app-error.ts';
import type { SourceView } from '#shared/contract/sources.ts';
import { grouped } from '#shared/domain/grouped.ts';
import type { SourceId } from '#shared/domain/source.ts';
import type { SourceConfigChange } from '#shared/settings/source-config.ts';
import type { Engine } from '../../../../services/engine-port.ts';
import { EXIT } from '../../exit-codes.ts';
import { tableLines, type TableColumn } from '../../output/table.ts';
import { askUnseen, readPiped } from '../../secret-input.ts';
import type { Session } from '../../session.ts';
import { changeOf, settingLines } from './source-settings.ts';

type Format = 'table' | 'json';

/** Every source with its counts, state and quotas. */
export async function listSources(session: Session, format: Format): Promise<number> {
  return session.withEngine(async (engine) => {
    const { sources } = await engine.sources.list();
    if (format === 'json') {
      await session.out.write(`${JSON.stringify(sources.map(plainView), null, 2)}\n`);
      return EXIT.done;
    }
    const lines = tableLines(COLUMNS, sources, session.out.width, session.style.strong);
    await session.out.write(`${lines.join('\n')}\n`);
    for (const source of sources.filter((view) => view.reason !== '')) {
      session.note(source.reason.includes(source.label) ? source.reason : `${source.label}: ${source.reason}`);
    }
    return EXIT.done;
  });
}

/** The settings of one source as `set` takes them, its key's state, and what it is doing. */
export async function showSource(session: Session, source: SourceId, format: Format): Promise<number> {
  return session.withEngine(async (engine) => {
    const view = await known(engine, source);
    if (format === 'json') {
      await session.out.write(`${JSON.stringify(plainView(view), null, 2)}\n`);
      return EXIT.done;
    }
    await session.out.write(`${settingLines(view.config).join('\n')}\n`);
    session.note(`${view.label}: ${keySentence(view)}`);
    session.note(
      `State: ${view.state}.${view.reason === '' || view.reason === keySentence(view) ? '' : ` ${view.reason}`}`,
    );
    session.note('Defaults are Assay’s own, not the vendor’s.');
    return EXIT.done;
  });
}

/** Changes settings, then the key; either may stand alone. */
export async function setSource(
  session: Session,
  source: SourceId,
  values: readonly string[],
  flags: {
    readonly key?: boolean;
    readonly keyStdin?: boolean;
    readonly proxyKey?: boolean;
    readonly removeKey?: boolean;
  },
): Promise<number> {
  const change = changeOf(values);
  const of = flags.proxyKey === true ? 'proxy' : 'source';
  const wantsKey = flags.key === true || flags.keyStdin === true || (of === 'proxy' && flags.removeKey !== true);
  if (Object.keys(change).length === 0 && !wantsKey && flags.removeKey !== true) {
    throw new AppError(
      'INVALID_ARGUMENT',
      'Name at least one setting as name=value, or --key, --key-stdin or --remove-key.',
    );
  }
  return session.withEngine(async (engine) => {
    const { label } = await known(engine, source);
    if (Object.keys(change).length > 0) {
      const view = await engine.sources.set(source, change);
      session.note(`${label}: ${namesIn(change).join(', ')} set. State: ${view.state}.`);
    }
    if (flags.removeKey === true) {
      await engine.sources.removeKey(source, of);
      session.note(`${label}: the ${of === 'proxy' ? 'proxy’s name and password were' : 'key was'} removed.`);
    } else if (wantsKey) {
      const what = of === 'proxy' ? `name:password of the proxy of ${label}` : `Key of ${label}`;
      const value =
        flags.keyStdin === true
          ? await readPiped(session.host, session.signal)
          : await askUnseen(session.host, `${what} (not shown): `, session.signal);
      const view = await engine.sources.setKey(source, of, value);
      session.note(`${label}: ${keySentence(view)}`);
    }
    return EXIT.done;
  });
}

/** What was changed, by the names that were typed. */
function namesIn({ options = {}, ...common }: SourceConfigChange): string[] {
  return [...Object.keys(common), ...Object.keys(options)];
}

export async function enableSource(session: Session, source: SourceId, enabled: boolean): Promise<number> {
  return session.withEngine(async (engine) => {
    await known(engine, source);
    const view = await engine.sources.set(source, { enabled });
    session.note(`${view.label} is ${enabled ? 'enabled' : 'disabled'}.${view.reason === '' ? '' : ` ${view.reason}`}`);
    return EXIT.done;
  });
}

/** Exit 0 when the connection works, 1 when not. */
export async function testSource(session: Session, source: SourceId, format: Format): Promise<number> {
  return session.withEngine(async (engine) => {
    const { label } = await known(engine, source);
    const result = await engine.sources.test(source, session.signal);
    const text =
      format === 'json'
        ? JSON.stringify({ source, ...result }, null, 2)
        : `${label}: ${result.ok ? 'works' : `fault at ${result.at ?? 'answer'}`}. ${result.message}`;
    await session.out.write(`${text}\n`);
    return result.ok ? EXIT.done : EXIT.nothing;
  });
}

/** Where keys are kept; chooses when told. */
export async function keyStore(
  session: Session,
  flags: { readonly keepIn?: 'keychain' | 'file'; readonly passphraseStdin?: boolean },
): Promise<number> {
  return session.withEngine(async (engine) => {
    if (flags.keepIn === undefined) {
      const { secretStore } = await engine.sources.list();
      await session.out.write(`${secretStore.message}\n`);
      return EXIT.done;
    }
    let passphrase: string | undefined;
    if (flags.keepIn === 'file') {
      passphrase =
        flags.passphraseStdin === true
          ? await readPiped(session.host, session.signal)
          : (session.host.env['ASSAY_PASSPHRASE'] ??
            (await askUnseen(session.host, 'Passphrase, at least 12 characters (not shown): ', session.signal)));
    }
    const store = await engine.sources.chooseSecretStore(flags.keepIn, passphrase);
    session.note(store.message);
    return EXIT.done;
  });
}

const COLUMNS: readonly TableColumn<SourceView>[] = [
  { header: 'Source', cell: (view) => view.label },
  { header: 'State', cell: (view) => view.state },
  { header: 'Items', cell: (view) => grouped(view.items), align: 'right' },
  { header: 'New', cell: (view) => grouped(view.new), align: 'right' },
  { header: 'Processed', cell: (view) => grouped(view.processed), align: 'right' },
  { header: 'Rescanning', cell: (view) => grouped(view.rescanning), align: 'right' },
  { header: 'Malicious', cell: (view) => grouped(view.malicious), align: 'right' },
  { header: 'Malicious %', cell: malicious, align: 'right' },
  { header: 'Minute', cell: (view) => quota(view, 'minute'), align: 'right' },
  { header: 'Day', cell: (view) => quota(view, 'day'), align: 'right' },
  { header: 'Month', cell: (view) => quota(view, 'month'), align: 'right' },
];

function malicious(view: SourceView): string {
  return view.processed === 0 ? '–' : ((view.malicious / view.processed) * 100).toFixed(2);
}

function quota(view: SourceView, window: 'minute' | 'day' | 'month'): string {
  const found = view.quota.find((one) => one.window === window);
  if (found === undefined) {
    return '–';
  }
  return found.limit === null ? `${grouped(found.spent)}, no limit` : `${grouped(found.spent)}/${grouped(found.limit)}`;
}

function keySentence(view: SourceView): string {
  if (view.key.fault !== null) {
    return view.key.fault;
  }
  switch (view.key.place) {
    case 'environment':
      return `its key comes from ${view.facts.keyVariable}.`;
    case 'keychain':
      return 'its key is in the system’s keychain.';
    case 'file':
      return 'its key is in the passphrase file.';
    default:
      return `it has no key. Give it with --key, or in ${view.facts.keyVariable}.`;
  }
}

/** What a script needs; presets and defaults stay behind. */
function plainView({ facts, ...view }: SourceView): object {
  return { ...view, takes: facts.takes, billedBy: facts.billedBy };
}

async function known(engine: Engine, source: SourceId): Promise<SourceView> {
  if (!engine.sources.providers.some(({ facts }) => facts.source === source)) {
    const names = engine.sources.providers.map(({ facts }) => facts.source).join(', ');
    throw new AppError('UNSUPPORTED', `This version cannot ask ${source}. It can ask ${names}.`);
  }
  return engine.sources.view(source);
}
