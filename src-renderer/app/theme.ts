import { useEffect } from 'react';
import { setPreferences, useApp } from './store.ts';

/** Sets the theme and density on the document, following the system while none was chosen. */
export function useTheme(): void {
  const theme = useApp((state) => state.boot?.preferences.theme ?? 'system');
  const density = useApp((state) => state.boot?.preferences.density ?? 'regular');
  useEffect(() => {
    const dark = window.matchMedia('(prefers-color-scheme: dark)');
    const apply = (): void => {
      document.documentElement.dataset['theme'] = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
    };
    apply();
    dark.addEventListener('change', apply);
    return () => dark.removeEventListener('change', apply);
  }, [theme]);
  useEffect(() => {
    document.documentElement.dataset['rows'] = density;
  }, [density]);
}

/** Row height in pixels for the chosen density. */
export function useRowHeight(): number {
  return useApp((state) => (state.boot?.preferences.density === 'compact' ? 22 : 28));
}

export function toggleTheme(): void {
  setPreferences({ theme: document.documentElement.dataset['theme'] === 'dark' ? 'light' : 'dark' });
}
