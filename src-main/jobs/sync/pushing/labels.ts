import type { SizedPackage } from '../../../db/repositories/sync/packages/packages.ts';
import type { TaniumLabel } from '../../../destinations/tanium/port.ts';
import type { ServiceFault, ServiceResult } from '../../../net/service-fault.ts';
import { waitAfter } from '../repeat.ts';
import { chooseLabels, labelChanges } from './choose-labels.ts';
import { finishWrite, isUncertain, writeOnce, writeRepeatably } from './ledger-write.ts';
import { type RunContext, RunEnd } from '../run-context.ts';
import type { TaniumTarget } from './tanium-target.ts';

/** Labels of the server, by name in lower case; asked for once a run. */
interface LabelBook {
  /** The label of that name, made where there is none; null when that was refused. */
  of(name: string): Promise<TaniumLabel | null>;
}

/** Faults after which nothing else would go either: the run ends as with any other request, and as with what may pass. */
const ENDS_RUN: readonly ServiceFault['kind'][] = ['auth', 'offline', 'network', 'tls', 'proxy', 'aborted', 'missing'];

/**
 * Gives packages the labels their tags ask for and takes away those that Assay gave and no tag asks for any more. Only what
 * differs is written; labels that others gave are left alone. A refusal is a warning: documents work without labels.
 */
export async function writeLabels(context: RunContext, target: TaniumTarget): Promise<void> {
  const { parts, job } = context;
  const all = await parts.database.read('syncPackages', { jobId: job.id });
  const packages = all.filter(({ labelsDue, retiring }) => labelsDue && !retiring);
  const book = createLabelBook(context, target);
  let done = 0;
  for (const present of packages) {
    if (present.intelId !== null) {
      await labelPackage(context, target, book, present, present.intelId);
    }
    done += 1;
    await context.progress('writing labels', done, packages.length);
  }
}

async function labelPackage(
  context: RunContext,
  target: TaniumTarget,
  book: LabelBook,
  present: SizedPackage,
  intelId: number,
): Promise<void> {
  const { parts, job } = context;
  const { jobId, type, prefix } = present;
  const key = { jobId, type, prefix };
  const most = job.config.labels;
  const tags = most === 0 ? [] : await parts.database.read('syncPackageTags', { ...key, limit: most });
  const changes = labelChanges(present.labels, chooseLabels(tags, most));
  let labels = present.labels;
  for (const name of [...changes.remove, ...changes.add]) {
    const isNew = changes.add.includes(name);
    const label = await book.of(name);
    const done =
      label !== null &&
      (await writeLabel(context, target, present, `${isNew ? 'label' : 'unlabel'} ${label.name}`, (signal) =>
        isNew
          ? target.client.addLabel(intelId, label.id, signal)
          : target.client.removeLabel(intelId, label.id, signal),
      ));
    if (done) {
      labels = isNew ? [...labels, name] : labels.filter((one) => one !== name);
    }
  }
  // A kill before this repeats labels of one package, which changes nothing there. What was refused waits for the next change.
  await parts.database.write('setPackageLabels', { ...key, labels });
}

async function writeLabel(
  context: RunContext,
  target: TaniumTarget,
  present: SizedPackage,
  action: string,
  send: (signal: AbortSignal) => Promise<ServiceResult<null>>,
): Promise<boolean> {
  const entry = { action, package: present.name, intelId: present.intelId };
  const result = await writeRepeatably(context, target.client.host, entry, send);
  if (!result.ok) {
    refused(context, result.fault, `The labels of ${present.name} could not all be written.`);
  }
  return result.ok;
}

function createLabelBook(context: RunContext, target: TaniumTarget): LabelBook {
  let known: Map<string, TaniumLabel> | null = null;
  const load = async (): Promise<Map<string, TaniumLabel>> => {
    const labels = await context.ask((signal) => target.client.labels(signal));
    return new Map(labels.map((label) => [label.name.toLowerCase(), label]));
  };
  return {
    async of(name) {
      known ??= await load();
      for (let tries = 0; ; tries += 1) {
        const present = known.get(name.toLowerCase());
        if (present !== undefined) {
          return present;
        }
        const made = await makeLabel(context, target, name, tries);
        if (made.kind === 'made') {
          known.set(name.toLowerCase(), made.label);
          return made.label;
        }
        if (made.kind === 'refused') {
          refused(context, made.fault, `The label ${name} could not be made.`);
          return null;
        }
        // Nothing was told: it may have been made all the same, and there must be one of a name.
        known = await load();
      }
    },
  };
}

/** What came of making a label: `again` when it may be there now, or may be tried once more. */
type MadeLabel =
  | { readonly kind: 'made'; readonly label: TaniumLabel }
  | { readonly kind: 'again' }
  | { readonly kind: 'refused'; readonly fault: ServiceFault };

async function makeLabel(context: RunContext, target: TaniumTarget, name: string, tries: number): Promise<MadeLabel> {
  const entry = { action: `create label ${name}`, package: '' };
  const { ledgerId, result } = await writeOnce(context, target.client.host, entry, (signal) =>
    target.client.createLabel(name, signal),
  );
  if (result.ok) {
    await finishWrite(context, ledgerId, { outcome: 'done' });
    return { kind: 'made', label: result.value };
  }
  const { fault } = result;
  await finishWrite(context, ledgerId, { outcome: 'failed', httpStatus: fault.httpStatus, message: fault.message });
  const wait = waitAfter({ ...fault, isPassing: fault.isPassing || isUncertain(fault) }, tries, 2);
  if (wait === null) {
    return { kind: 'refused', fault };
  }
  await context.wait(fault, wait);
  return { kind: 'again' };
}

function refused(context: RunContext, fault: ServiceFault, sentence: string): void {
  if (ENDS_RUN.includes(fault.kind) || fault.isPassing) {
    throw new RunEnd('failed', fault.message);
  }
  context.warn(`${sentence} ${fault.message}`);
}
