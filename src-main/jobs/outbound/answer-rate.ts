/** How many requests were answered in the last minute, as this process saw it. */
export interface AnswerRate {
  answered(at: number): void;
  inMinute(now: number): number;
}

export function createAnswerRate(minuteMs: number): AnswerRate {
  let times: number[] = [];
  return {
    answered(at) {
      // Looked through only when it has doubled since, so that a fast source does not pay for it with each answer.
      if (times.length > 2_000) {
        times = times.filter((time) => time > at - minuteMs);
      }
      times.push(at);
    },
    inMinute: (now) => times.filter((time) => time > now - minuteMs && time <= now).length,
  };
}
