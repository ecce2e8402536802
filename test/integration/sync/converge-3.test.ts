import { describeKills } from './converge-suite.ts';

/** See converge.test.ts. */
describeKills(20, [4, 5]);
