import type { ApiAnswer } from '../server/api.ts';

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

/** A request that cannot be done; thrown where that is found out, answered as the server would. */
export class Refused extends Error {
  readonly answer: ApiAnswer;

  constructor(answer: ApiAnswer) {
    super(`refused with ${answer.status}`);
    this.answer = answer;
  }
}

/** A value as JSON. */
export function json(value: unknown, status = 200): ApiAnswer {
  return { status, headers: JSON_TYPE, body: JSON.stringify(value) };
}

/** An error as Threat Response words it: `text`, and the same in `errors`. */
export function errorAnswer(status: number, text: string): ApiAnswer {
  return json({ text, errors: [{ message: text }] }, status);
}

/** A page that stands before the server, not the server. */
export function pageAnswer(status: number, title: string): ApiAnswer {
  const body = `<html>\r\n<head><title>${status} ${title}</title></head>\r\n<body>\r\n<center><h1>${status} ${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
  return { status, headers: { 'content-type': 'text/html' }, body };
}

/** To be thrown: an error as Threat Response words it. */
export function refuse(status: number, text: string): Refused {
  return new Refused(errorAnswer(status, text));
}
