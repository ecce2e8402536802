/** How many calls were answered in the last minute, as this process saw it. */
export interface AnswerRate {
  /** `calls` as the source bills them: one, or one for each hash. */
  answered(at: number, calls: number): void;
  inMinute(now: number): number;
}

/** A list is looked through for what is too old when it grew to this, and then each time it doubled. */
const MANY = 2_000;

export function createAnswerRate(minuteMs: number): AnswerRate {
  let most = MANY;
  let answers: { readonly at: number; readonly calls: number }[] = [];
  return {
    answered(at, calls) {
      if (answers.length >= most) {
        answers = answers.filter((one) => one.at > at - minuteMs);
        most = Math.max(MANY, 2 * answers.length);
      }
      answers.push({ at, calls });
    },
    inMinute: (now) =>
      answers.reduce((sum, { at, calls }) => (at > now - minuteMs && at <= now ? sum + calls : sum), 0),
  };
}
