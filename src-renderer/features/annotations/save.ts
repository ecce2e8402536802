import type { CallInput } from '#shared/contract/index.ts';
import { say, sayFault } from '../../app/store.ts';
import { call, sentenceOf } from '../../bridge/client.ts';
import { counted, number } from '../../components/words.ts';

/** Writes on files, says what came of it and offers the way back. Returns a sentence where nothing could be written. */
export async function save(input: CallInput<'annotation.set'>): Promise<string | null> {
  try {
    const done = await call('annotation.set', input);
    const { changeId } = done;
    const sentences = [
      done.cancelled
        ? `Cancelled. ${counted(done.changed, 'row')} written on.`
        : done.changed === 0
          ? 'Nothing changed.'
          : `Notes and tags of ${counted(done.changed, 'row')} changed.`,
      ...(done.replaced === 0
        ? []
        : [`The note of ${number(done.replaced)} was changed by somebody else meanwhile and replaced.`]),
      ...(done.full === 0 ? [] : [`${number(done.full)} left as they are: they have 32 tags already.`]),
    ];
    say(sentences.join(' '), {
      isError: done.changed === 0 && done.full > 0,
      ...(changeId === null ? {} : { action: { label: 'Undo', run: () => void takeBack(changeId) } }),
    });
    return null;
  } catch (error) {
    return sentenceOf(error);
  }
}

async function takeBack(changeId: number): Promise<void> {
  try {
    const { restored, kept } = await call('annotation.undo', { changeId });
    say(
      kept === 0
        ? 'Taken back.'
        : `${number(restored)} taken back. ${number(kept)} left as they are: somebody wrote on them since.`,
    );
  } catch (error) {
    sayFault(error);
  }
}
