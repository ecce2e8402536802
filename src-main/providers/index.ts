import type { Provider } from './port.ts';
import { recordedFuture } from './recorded-future/index.ts';
import { a1000 } from './reversinglabs-a1000/index.ts';
import { titaniumcloud } from './reversinglabs-titaniumcloud/index.ts';
import { virustotal } from './virustotal/index.ts';
import { wildfire } from './wildfire/index.ts';

/** Every source this version can ask, in the order it is shown. One line and one folder per source. */
export const providers: readonly Provider[] = [wildfire, recordedFuture, a1000, titaniumcloud, virustotal];
