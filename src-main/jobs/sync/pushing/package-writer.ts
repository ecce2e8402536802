import type { PackageKey, PackageMember, SizedPackage } from '../../../db/repositories/sync/packages/packages.ts';
import type { TermForms } from '../../../destinations/openioc/port.ts';
import type { Intel, WriteFault, Written } from '../../../destinations/tanium/port.ts';
import { type BuiltPackage, buildPackage, packageDigest } from './build-package.ts';
import { failWrite, finishWrite, isUncertain, writeOnce } from './ledger-write.ts';
import { noteDocument } from './note-document.ts';
import { removeDocument, removeExtra } from './remove-document.ts';
import { waitAfter } from '../repeat.ts';
import { type RunContext, RunEnd } from '../run-context.ts';
import type { TaniumTarget } from './tanium-target.ts';

/** A package as it was read for one try, and what its document is to be. */
interface Attempt {
  readonly present: SizedPackage;
  readonly members: readonly PackageMember[];
  readonly removed: readonly number[];
  readonly digest: string;
  readonly built: BuiltPackage;
}

/** Halvings on a bare refusal, without any document being taken in between: then size is not what is wrong. */
const MOST_GUESSED_HALVINGS = 4;

/** Writes packages of one run, one after the other. */
export interface PackageWriter {
  /** Brings the document of one package up to date. Returns the halves it was split into, which are to be written too. */
  write(key: PackageKey): Promise<readonly PackageKey[]>;
}

export function createPackageWriter(context: RunContext, target: TaniumTarget, forms: TermForms): PackageWriter {
  const { parts, job } = context;
  const { database } = parts;
  let guessed = 0;

  async function write(key: PackageKey): Promise<readonly PackageKey[]> {
    for (let tries = 0; ; tries += 1) {
      context.check();
      const present = await database.read('syncPackage', key);
      if (present === null) {
        return [];
      }
      // One more than fits tells that it is too many: before it is split, a leaf may be to hold all of a type.
      const limit = job.config.packageSize + 1;
      const members = present.retiring ? [] : await database.read('syncPackageMembers', { ...key, limit });
      const removed = present.retiring ? [] : await database.read('syncPackageLeavers', key);
      if (members.length === 0) {
        await removeDocument(context, target, present, removed);
        return [];
      }
      if (members.length > job.config.packageSize) {
        return split(key, `${present.name} would hold ${present.members} indicators: it is split.`);
      }
      const digest = packageDigest(job, present, members, forms);
      if (present.intelId !== null && present.sentDigest === digest) {
        await database.write('keepPackage', { key: { ...key, touched: present.touched }, members, removed }, 'bulk');
        context.log.write('debug', `${present.name} is as it was sent.`);
        return [];
      }
      const built = buildPackage(job, present, members, forms);
      const next = await send(key, { present, members, removed, digest, built }, tries);
      if (next !== 'again') {
        return next;
      }
    }
  }

  async function send(key: PackageKey, attempt: Attempt, tries: number): Promise<readonly PackageKey[] | 'again'> {
    const { present, members, removed, built } = attempt;
    const sourceId = await target.madeSource();
    const { intelId } = present;
    const { ledgerId, result } = await writeOnce(
      context,
      target.client.host,
      {
        action: intelId === null ? 'create package' : 'replace package',
        package: present.name,
        type: key.type,
        prefix: key.prefix,
        rootId: present.rootId,
        intelId,
        indicators: members.length,
        added: await notSentBefore(members),
        removed,
      },
      (signal) =>
        intelId === null
          ? target.client.create(sourceId, built.document, signal)
          : target.client.replace(intelId, built.document, signal),
    );
    if (result.ok) {
      guessed = 0;
      const written = await ownDocument(ledgerId, present, result.value);
      await settle(ledgerId, key, attempt, written, 'done', '');
      await removeReplaced(present, written);
      return [];
    }
    return afterFault(ledgerId, key, attempt, result.fault, tries);
  }

  /** An answer about another root id is about a document of others: which one is ours is looked up. */
  async function ownDocument(ledgerId: number, present: SizedPackage, written: Written): Promise<Written> {
    const { intrinsicId } = written;
    if (intrinsicId === '' || intrinsicId.toLowerCase() === present.rootId.toLowerCase()) {
      return written;
    }
    const found = findDocument(await target.intels(), present);
    if (found === null) {
      const message = `The answer of ${target.client.host} to ${present.name} was about another document, and it was not found.`;
      await finishWrite(context, ledgerId, { outcome: 'unknown', message });
      throw new RunEnd('failed', message);
    }
    return { ...found, isInPlace: found.id === present.intelId };
  }

  /** What has to be done after a document was not taken: the halves, or another try. Anything else ends the run. */
  async function afterFault(
    ledgerId: number,
    key: PackageKey,
    attempt: Attempt,
    fault: WriteFault,
    tries: number,
  ): Promise<readonly PackageKey[] | 'again'> {
    const { present, members } = attempt;
    await failWrite(context, ledgerId, fault);
    const told = { ...fault, message: `${present.name}: ${fault.message}` };
    if (fault.kept !== null) {
      return refuseKept(ledgerId, key, present, fault, fault.kept);
    }
    const isCertain = !isUncertain(fault) && fault.kind !== 'gone';
    const wait = waitAfter(isCertain ? fault : { ...fault, isPassing: true }, tries, 2);
    // A server may go on with a write whose connection is gone: it is given that time before it is asked.
    if (wait === null) {
      context.log.write('warning', told.message);
    } else {
      await context.wait(told, wait);
    }
    if (!isCertain && (await lookUp(ledgerId, key, attempt, fault))) {
      return [];
    }
    // A document whose connection is cut over and over, while its server answers all else, may well be too large.
    const isCutAgain = wait === null && !isCertain && fault.httpStatus === null;
    const isGuess = (fault.mayBeTooLarge || isCutAgain) && guessed < MOST_GUESSED_HALVINGS;
    if ((fault.kind === 'too-large' || isGuess) && members.length > 1) {
      guessed += fault.kind === 'too-large' ? 0 : 1;
      return split(key, `${present.name} with ${members.length} indicators is too large: it is split.`, members.length);
    }
    if (wait === null) {
      throw new RunEnd('failed', `${present.name} could not be written. ${fault.message}`);
    }
    return 'again';
  }

  /** A document that Threat Response kept and cannot read would find nothing: writing it again would not help. */
  async function refuseKept(
    ledgerId: number,
    key: PackageKey,
    present: SizedPackage,
    fault: WriteFault,
    kept: Intel,
  ): Promise<never> {
    await finishWrite(context, ledgerId, { outcome: 'refused', httpStatus: fault.httpStatus, message: fault.message });
    if (kept.id !== present.intelId && !(await target.isOfOthers(kept.id, present.rootId))) {
      await removeExtra(context, target, { ...present, intelId: kept.id });
    }
    await database.write('setPackage', { ...key, sentDigest: null, serverMd5: null, dirty: true });
    throw new RunEnd('failed', `${present.name} could not be written. ${fault.message}`);
  }

  /** Whether an unanswered write arrived: by root id, else by name. What is found is the package's document from then on. */
  async function lookUp(ledgerId: number, key: PackageKey, attempt: Attempt, fault: WriteFault): Promise<boolean> {
    const { present, built } = attempt;
    const found = findDocument(await target.intels(), present);
    if (found !== null && found.md5?.toLowerCase() === built.md5) {
      await settle(ledgerId, key, attempt, { ...found, isInPlace: true }, 'found', fault.message);
      return true;
    }
    await noteDocument(context, present, found);
    const outcome = found === null ? 'failed' : 'found';
    await finishWrite(context, ledgerId, {
      outcome,
      httpStatus: fault.httpStatus,
      message: fault.message,
      intelId: found?.id,
    });
    return false;
  }

  async function settle(
    ledgerId: number,
    key: PackageKey,
    { present, members, removed, digest }: Attempt,
    written: Written,
    outcome: 'done' | 'found',
    message: string,
  ): Promise<void> {
    const { config } = job;
    if (present.intelId !== null && present.intelId !== written.id) {
      // Labels were given to the other document.
      await database.write('setPackageLabels', { ...key, labels: [] });
    }
    await finishWrite(context, ledgerId, {
      outcome,
      message,
      intelId: written.id,
      package: {
        key: { ...key, touched: present.touched },
        members,
        removed,
        sentDigest: digest,
        intelId: written.id,
        serverMd5: written.md5,
        scanDue: config.scanGroup !== '',
      },
      ...(config.deploy ? { deployDue: true } : {}),
    });
    context.counts.packages += 1;
    context.log.write('info', `${present.name} was written with ${members.length} indicators.`);
  }

  /** A document that was made beside the one it was to replace leaves that one behind. */
  async function removeReplaced(present: SizedPackage, written: Written): Promise<void> {
    const isBeside = present.intelId !== null && !written.isInPlace && written.id !== present.intelId;
    if (present.intelId !== null && isBeside && !(await target.isOfOthers(present.intelId, present.rootId))) {
      await removeExtra(context, target, { ...present, intelId: present.intelId });
    }
  }

  async function split(key: PackageKey, sentence: string, refusedWith?: number): Promise<readonly PackageKey[]> {
    context.log.write('info', sentence);
    const halves = await database.write('splitPackage', { ...key, refusedWith });
    if (halves.length === 0) {
      throw new RunEnd('failed', `A package cannot be split any further. Raise the package size of the job.`);
    }
    return halves.map((prefix) => ({ ...key, prefix }));
  }

  async function notSentBefore(members: readonly PackageMember[]): Promise<readonly number[]> {
    const rows = await database.read('syncIndicatorsById', { jobId: job.id, ids: members.map(({ id }) => id) });
    return rows.filter(({ sent }) => !sent).map(({ id }) => id);
  }

  return { write };
}

/** The document of a package among those of a source: by its root id, or by its name where a server tells no root id. */
export function findDocument(
  intels: readonly Intel[],
  { rootId, name }: Pick<SizedPackage, 'rootId' | 'name'>,
): Intel | null {
  const own = intels.filter(({ intrinsicId }) => intrinsicId.toLowerCase() === rootId.toLowerCase());
  const named = intels.filter((intel) => intel.intrinsicId === '' && intel.name === name);
  return own[0] ?? named[0] ?? null;
}
