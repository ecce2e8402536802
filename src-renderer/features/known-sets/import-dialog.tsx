import { useState, type ReactNode } from 'react';
import type { CallInput } from '#shared/contract/index.ts';
import { ofSetName } from '#shared/domain/known-sets/set-names.ts';
import type { KnownSet, WorkAsked } from '#shared/contract/known-sets.ts';
import { chooseFiles } from '../../app/choose-files.ts';
import { sayFault } from '../../app/store.ts';
import { call, registerFiles, sentenceOf } from '../../bridge/client.ts';
import { Choice } from '../../components/choice.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { useIsOpen } from '../../components/use-is-open.ts';
import { useOneRun } from '../../components/use-one-run.ts';
import type { ImportAgain } from './left-imports.tsx';

/** Characters a set's name and its edition may have. */
const LONGEST_NAME = 120;

interface Props {
  /** The set to replace, or '' for a new one. */
  readonly name: string;
  readonly existing: readonly KnownSet[];
  /** The unfinished import to continue. */
  readonly again: ImportAgain | null;
  readonly onClose: () => void;
}

/**
 * A file (a list in any format, an NSRL database or a Bloom filter, told apart by its content), a name, an edition, and what
 * the set may say. A delta is applied to a set that an NSRL database made.
 */
export function ImportDialog({ name: given, existing, again, onClose }: Props): ReactNode {
  const old = ofSetName(existing, given);
  const asked = again?.work.asked ?? null;
  const [file, setFile] = useState<Held | null>(heldAs(again?.handle, asked?.path));
  const [base, setBase] = useState<Held | null>(heldAs(again?.baseHandle, asked?.base));
  const [name, setName] = useState(given);
  const [edition, setEdition] = useState(asked?.edition ?? '');
  const [dated, setDated] = useState(dayOf(asked?.datedAt ?? null));
  const [mark, setMark] = useState<KnownSet['mark']>(asked?.mark ?? old?.mark ?? 'known');
  const [content, setContent] = useState<Content>(contentOf(asked?.form ?? null));
  const [extent, setExtent] = useState<'whole' | 'delta'>(asked?.form === 'nsrl-delta' ? 'delta' : 'whole');
  const [error, setError] = useState<string | null>(null);
  const standing = ofSetName(existing, name);
  const isDelta = (asked?.form === 'nsrl-delta' || (standing?.products ?? 0) > 0) && extent === 'delta';
  const missing = again === null ? [] : missingOf(again);

  const { isRunning, run } = useOneRun();
  const isOpen = useIsOpen();

  const choose = async (take: (held: Held) => void): Promise<void> => {
    try {
      const files = await chooseFiles('one');
      if (files.length > 0) {
        const { handle, names } = await registerFiles(files);
        take({ handle, name: names[0] ?? '' });
      }
    } catch (fault) {
      setError(sentenceOf(fault));
    }
  };
  const takeFile = (held: Held): void => {
    setFile(held);
    setName((present) => (present === '' ? held.name.replace(/\.[^.]*$/, '').slice(0, LONGEST_NAME) : present));
  };
  const start = async (): Promise<void> => {
    if (file === null) {
      return;
    }
    const at = Date.parse(`${dated}T00:00:00Z`);
    setError(null);
    try {
      await call('knownSets.import', {
        handle: file.handle,
        name: name.trim(),
        edition: edition.trim(),
        datedAt: Number.isNaN(at) ? null : Math.floor(at / 1000),
        mark,
        replace: standing !== undefined,
        ...(isDelta ? { form: 'nsrl-delta' } : CONTENTS[content].asks),
        ...(isDelta && base !== null ? { baseHandle: base.handle } : {}),
      });
      if (isOpen()) {
        onClose();
      }
    } catch (fault) {
      if (isOpen()) {
        setError(sentenceOf(fault));
      } else {
        sayFault(fault);
      }
    }
  };
  return (
    <Dialog
      title={titleOf(again, standing)}
      action={again !== null ? 'Continue' : standing === undefined ? 'Import' : 'Replace'}
      disabled={file === null || name.trim() === '' || isRunning}
      onClose={onClose}
      onAction={() => run(start)}
    >
      {missing.map((path) => (
        <p key={path} role="alert">
          {path} is not there any more. Put it back to continue; another file is read from the start.
        </p>
      ))}
      <div className="form">
        <span className="label">File</span>
        <span className="row">
          <button type="button" className="button" onClick={() => void choose(takeFile)}>
            {file === null ? 'Choose a file…' : 'Choose another…'}
          </button>
          <span className="cut" title={file?.name}>
            {file?.name}
          </span>
        </span>
        <label htmlFor="set-name">Name</label>
        <input
          id="set-name"
          className="field"
          value={name}
          maxLength={LONGEST_NAME}
          onChange={(event) => setName(event.target.value)}
        />
        <label htmlFor="set-edition">Edition</label>
        <input
          id="set-edition"
          className="field"
          value={edition}
          maxLength={LONGEST_NAME}
          placeholder="as the file says, or none"
          onChange={(event) => setEdition(event.target.value)}
        />
        <label htmlFor="set-date">Date of the edition</label>
        <input
          id="set-date"
          className="field"
          type="date"
          value={dated}
          onChange={(event) => setDated(event.target.value)}
        />
      </div>
      {isDelta ? null : (
        <div className="form">
          <label htmlFor="set-content">What the file is</label>
          <select
            id="set-content"
            className="field"
            value={content}
            onChange={(event) => setContent(event.target.value as Content)}
          >
            {Object.entries(CONTENTS).map(([id, { label }]) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </select>
        </div>
      )}
      {standing === undefined || standing.products === 0 ? null : (
        <Choice<'whole' | 'delta'>
          legend="What the file holds"
          value={extent}
          onValue={setExtent}
          options={[
            { value: 'whole', label: 'A whole edition', hint: 'It takes the place of the one in force.' },
            {
              value: 'delta',
              label: 'An NSRL delta',
              hint: 'It is applied to the edition in force, which keeps its mark.',
            },
          ]}
        />
      )}
      {isDelta ? (
        <>
          <div className="form">
            <span className="label">Its database</span>
            <span className="row">
              <button type="button" className="button" onClick={() => void choose(setBase)}>
                {base === null ? 'Choose the database…' : 'Choose another database…'}
              </button>
              <span className="cut">{base?.name}</span>
            </span>
          </div>
          <p className="small t2">
            Optional: the database of the edition a delta is for, which may then also change and remove rows.
          </p>
        </>
      ) : null}
      {isDelta ? null : <MarkChoice value={mark} onValue={setMark} />}
      {standing === undefined ? null : (
        <p className="small t2">
          The edition in force, {standing.edition || 'unnamed'}, answers until the new one is whole.
        </p>
      )}
      {error === null ? null : <p role="alert">{error}</p>}
    </Dialog>
  );
}

/** A file that the window may name. */
interface Held {
  readonly handle: string;
  readonly name: string;
}

function heldAs(handle: string | null | undefined, path: string | null | undefined): Held | null {
  return handle === null || handle === undefined ? null : { handle, name: path ?? '' };
}

/** What a continued import read and cannot find. */
function missingOf({ work: { asked }, handle, baseHandle }: ImportAgain): readonly string[] {
  const gone = [handle === null ? asked?.path : null, baseHandle === null ? asked?.base : null];
  return gone.filter((path) => typeof path === 'string');
}

function titleOf(again: ImportAgain | null, standing: KnownSet | undefined): string {
  if (again !== null) {
    return `Continue the import of ${again.work.file ?? 'a file'}`;
  }
  return standing === undefined ? 'Import a known set' : `Replace ${standing.name} by a newer edition`;
}

function dayOf(seconds: number | null): string {
  return seconds === null ? '' : new Date(seconds * 1000).toISOString().slice(0, 10);
}

/** What keeps its reading is a list or a database. */
function contentOf(form: WorkAsked['form']): Content {
  return form === 'list' || form === 'nsrl-rdsv3' ? form : 'auto';
}

type Content = 'auto' | 'list' | 'nsrl-rdsv3' | 'bloom-md5' | 'bloom-sha1' | 'bloom-sha256';
type Asked = Pick<CallInput<'knownSets.import'>, 'form' | 'digest'>;

/** A filter does not say what its keys are digests of. */
const CONTENTS: Readonly<Record<Content, { readonly label: string; readonly asks: Asked }>> = {
  auto: { label: 'Found out from its content', asks: {} },
  list: { label: 'A list: any format, NSRLFile.txt, hashdeep, VirusShare', asks: { form: 'list' } },
  'nsrl-rdsv3': { label: 'An NSRL RDSv3 database', asks: { form: 'nsrl-rdsv3' } },
  'bloom-sha1': { label: 'A Bloom filter of SHA-1', asks: { form: 'bloom', digest: 'sha1' } },
  'bloom-md5': { label: 'A Bloom filter of MD5', asks: { form: 'bloom', digest: 'md5' } },
  'bloom-sha256': { label: 'A Bloom filter of SHA-256', asks: { form: 'bloom', digest: 'sha256' } },
};

function MarkChoice(props: {
  readonly value: KnownSet['mark'];
  readonly onValue: (mark: KnownSet['mark']) => void;
}): ReactNode {
  return (
    <Choice<KnownSet['mark']>
      legend="What a hit says"
      value={props.value}
      onValue={props.onValue}
      options={[
        { value: 'known', label: 'Known', hint: 'The file is known. Nothing is said about good or bad.' },
        { value: 'known-good', label: 'Known good', hint: 'Answers non-malicious.' },
        { value: 'known-bad', label: 'Known bad', hint: 'Answers malicious.' },
      ]}
    />
  );
}
