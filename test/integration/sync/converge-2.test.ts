import { describeKills } from './converge-suite.ts';

/** See converge.test.ts. */
describeKills(10, [2, 3]);
