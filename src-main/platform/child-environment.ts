/** Names a browser or file manager needs. Everything else stays behind: an environment is where keys are kept. */
const NEEDED = new Set(
  [
    ['PATH', 'HOME', 'USER', 'LOGNAME', 'LANG', 'LANGUAGE', 'TZ', 'TMPDIR', 'TEMP', 'TMP'],
    ['DISPLAY', 'WAYLAND_DISPLAY', 'XAUTHORITY', 'DBUS_SESSION_BUS_ADDRESS', 'DESKTOP_SESSION', 'GDK_BACKEND'],
    ['XDG_RUNTIME_DIR', 'XDG_SESSION_TYPE', 'XDG_CURRENT_DESKTOP', 'XDG_DATA_DIRS', 'XDG_DATA_HOME'],
    ['XDG_CONFIG_DIRS', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'GTK_IM_MODULE', 'QT_IM_MODULE', 'XMODIFIERS'],
    ['SYSTEMROOT', 'SYSTEMDRIVE', 'WINDIR', 'COMSPEC', 'USERPROFILE', 'HOMEDRIVE', 'HOMEPATH', 'USERNAME'],
    ['APPDATA', 'LOCALAPPDATA', 'PROGRAMDATA', 'PROGRAMFILES', 'PROGRAMFILES(X86)', 'PROGRAMW6432', 'PUBLIC'],
    ['__CF_USER_TEXT_ENCODING'],
  ].flat(),
);

/** The part of an environment that a started program gets: named variables and the locale, nothing else. */
export function childEnvironment(from: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(from).filter((entry): entry is [string, string] => {
      const name = entry[0].toUpperCase();
      return entry[1] !== undefined && (NEEDED.has(name) || /^LC_[A-Z]+$/.test(name));
    }),
  );
}
