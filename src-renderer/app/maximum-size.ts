/** What it means, and what to do, when nothing more can be kept. */
export const AT_MAXIMUM =
  'New items are not made and not asked about: nothing that may be removed is left. Raise the Maximum Database Size in the settings, or forget intakes that are not needed.';
