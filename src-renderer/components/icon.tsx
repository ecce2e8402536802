import type { ReactNode } from 'react';

/** Line drawings on a 16 px grid. */
const PATHS = {
  assay: (
    <>
      <rect x="2" y="2" width="12" height="12" rx="1.5" />
      <path d="M8 2h4.5A1.5 1.5 0 0 1 14 3.5v9a1.5 1.5 0 0 1-1.5 1.5H8z" fill="currentColor" stroke="none" />
    </>
  ),
  triage: <path d="M8 2v7.5M5 6.75l3 3 3-3M2 10.5V13a1 1 0 0 0 1 1h10a1 1 0 0 0 1-1v-2.5" />,
  list: <path d="M6.5 3.5H14M6.5 8H14M6.5 12.5H14M2 3.5h1.5M2 8h1.5M2 12.5h1.5" />,
  sources: (
    <>
      <ellipse cx="8" cy="3.75" rx="5.5" ry="2" />
      <path d="M2.5 3.75v8.5c0 1.1 2.46 2 5.5 2s5.5-.9 5.5-2v-8.5M2.5 8c0 1.1 2.46 2 5.5 2s5.5-.9 5.5-2" />
    </>
  ),
  sets: <path d="m8 2 6 3-6 3-6-3zM2 8l6 3 6-3M2 11l6 3 6-3" />,
  changes: <path d="M2 4.5h9.5M9 2l2.5 2.5L9 7M14 11.5H4.5M7 9l-2.5 2.5L7 14" />,
  sync: (
    <path d="M13.5 6.5A5.75 5.75 0 0 0 3 5.25M3 2.5v2.75h2.75M2.5 9.5A5.75 5.75 0 0 0 13 10.75M13 13.5v-2.75h-2.75" />
  ),
  usage: <path d="M3 14V9M8 14V2.5M13 14V6" />,
  more: <path d="M3.5 8h.01M8 8h.01M12.5 8h.01" strokeWidth="2" />,
  back: <path d="M13.5 8h-11M6.5 4l-4 4 4 4" />,
  help: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M6.2 6.4A1.8 1.8 0 1 1 8 8.6v.6M8 11.2v.2" />
    </>
  ),
  online: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M2 8h12M8 2c2 1.8 2.75 3.8 2.75 6S10 12.2 8 14c-2-1.8-2.75-3.8-2.75-6S6 3.8 8 2z" />
    </>
  ),
  offline: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="m3.75 3.75 8.5 8.5" />
    </>
  ),
  settings: (
    <>
      <path d="M2 5h6.5M11.5 5H14M2 11h2.5M7.5 11H14" />
      <circle cx="10" cy="5" r="1.5" />
      <circle cx="6" cy="11" r="1.5" />
    </>
  ),
  theme: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M8 2.5a5.5 5.5 0 0 1 0 11z" fill="currentColor" stroke="none" />
    </>
  ),
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8.5" height="8.5" rx="1" />
      <path d="M10.5 3V3a1 1 0 0 0-1-1H3a1 1 0 0 0-1 1v6.5a1 1 0 0 0 1 1" />
    </>
  ),
  close: <path d="m4 4 8 8M12 4l-8 8" />,
  chevron: <path d="m6 4 4 4-4 4" />,
  note: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 7.25V11M8 4.9v.2" />
    </>
  ),
  search: (
    <>
      <circle cx="7" cy="7" r="4" />
      <path d="m10 10 3.5 3.5" />
    </>
  ),
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, small = false }: { readonly name: IconName; readonly small?: boolean }): ReactNode {
  return (
    <svg className={small ? 'icon icon-12' : 'icon'} viewBox="0 0 16 16" aria-hidden="true">
      {PATHS[name]}
    </svg>
  );
}
