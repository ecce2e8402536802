/**
 * uPlot makes a number format for the browser's language while it is loaded, and some systems call theirs what is none
 * ("en-US@posix", from a locale of the environment): the whole window would stay empty for it. Such a language reads as
 * English then. Imported before uPlot.
 */
if (typeof navigator !== 'undefined' && !isLanguage(navigator.language)) {
  Object.defineProperty(navigator, 'language', { value: 'en-US', configurable: true });
}

function isLanguage(name: string): boolean {
  try {
    return Intl.getCanonicalLocales(name).length === 1;
  } catch {
    // Said by throwing; there is no other way to ask.
    return false;
  }
}
