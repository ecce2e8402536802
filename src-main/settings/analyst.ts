import { userInfo } from 'node:os';
import type { SettingsService } from './settings.ts';

/** Who is named beside changes: the name in the settings, else the account's own. Never empty. */
export async function analystName(settings: Pick<SettingsService, 'get'>, account = accountName): Promise<string> {
  return (await settings.get()).analyst.trim() || account() || 'unnamed';
}

/** The account's name, or '' where the system does not know it, as in a container with a bare user number. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
}
