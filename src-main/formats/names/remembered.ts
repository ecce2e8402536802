/** Answers remembered at most; inputs name algorithms and types in far fewer ways. */
const MOST = 1000;
/** Longer texts are asked about again. */
const LONGEST = 64;

/** The same pure function, which remembers its answers about texts up to `longest`. */
export function remembered<T>(ask: (text: string) => T, longest = LONGEST): (text: string) => T {
  const answers = new Map<string, T>();
  return (text) => {
    const known = answers.get(text);
    if (known !== undefined) {
      return known;
    }
    const answer = ask(text);
    if (answers.size < MOST && text.length <= longest) {
      answers.set(text, answer);
    }
    return answer;
  };
}
