/** The views in the order of the rail; the number of each is the key that shows it. */
export const VIEWS = [
  'triage',
  'lookup',
  'hash-list',
  'sources',
  'known-sets',
  'changes',
  'sync',
  'usage',
  'settings',
] as const;
export type View = (typeof VIEWS)[number];

/** What each view is called on the rail, in the palette and in the keyboard map. */
export const VIEW_LABELS: Readonly<Record<View, string>> = {
  triage: 'Triage',
  lookup: 'Look-up',
  'hash-list': 'Hash list',
  sources: 'Sources',
  'known-sets': 'Known sets',
  changes: 'Changes',
  sync: 'Threat sync',
  usage: 'Usage',
  settings: 'Settings',
};

/** The key that shows a view. */
export function viewKey(view: View): string {
  return String(VIEWS.indexOf(view) + 1);
}
