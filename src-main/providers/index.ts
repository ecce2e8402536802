import type { Provider } from './port.ts';
import { virustotal } from './virustotal/index.ts';
import { wildfire } from './wildfire/index.ts';

/** Every source this version can ask, in the order it is shown. One line and one folder per source. */
export const providers: readonly Provider[] = [wildfire, virustotal];
