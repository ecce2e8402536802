/** What is known of an open object or array to tell rows. */
export interface Level {
  readonly isObject: boolean;
}

/** The first key of a document of our own: what lies beside its rows tells of them, of the files they come from above all. */
export const OWN_DOCUMENT = 'assay_document';
/** Where the rows of such a document lie. */
const OWN_ROWS = 'rows';

/** True for what lies in a document of our own beside its rows. `isInHead`: the same of the object around it. */
export function isInOwnHead(isInHead: boolean, parent: Level | null, key: string): boolean {
  return isInHead && !(parent !== null && parent.isObject && key === OWN_ROWS);
}

/** How deep in objects an array of rows may lie: `{"response": {"events": [ … ]}}`. */
const DEEPEST_ROWS = 2;

/**
 * True when a value that opens below `above` is a row, to be accounted for even without a digest: a root, an element of
 * an outermost array, and, where lines are not the rows, the objects in an array not far below the root.
 */
export function isRowAt(above: readonly Level[], isObject: boolean, byLine: boolean): boolean {
  const [root] = above;
  if (root === undefined) {
    return isObject;
  }
  if (!root.isObject) {
    return above.length === 1;
  }
  const depth = above.length - 1;
  return (
    !byLine &&
    isObject &&
    depth <= DEEPEST_ROWS &&
    above[depth]?.isObject === false &&
    above.slice(0, depth).every((level) => level.isObject)
  );
}
