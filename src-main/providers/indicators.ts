/** What the program needs of ThreatConnect: its client, and the query of a job. */
export {
  buildTql,
  checkQuery,
  checkTql,
  createThreatConnect,
  tqlOfIds,
  whyNotMatching,
  type QueryScope,
  type ThreatConnectContext,
} from './threatconnect/index.ts';
