import { withEntities } from '../entities.ts';

// oxlint-disable-next-line no-control-regex -- these have no place in a document, and XML allows none of them
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g;

/** Text as it may stand in an element or a quoted attribute of HTML and SVG. */
export function escaped(text: string): string {
  return withEntities(text.replace(CONTROLS, '\ufffd'));
}
