import type { ApiWorld } from '../server/api.ts';
import { drawFrom } from '../server/draw.ts';
import type { FileRecord } from '../server/world.ts';
import type { VerdictInfo } from './xml.ts';

/** Of what is known, this much is written in upper case; clients must not mind. */
const UPPER_CASE_SHARE = 0.03;
/** Of malicious files, these shares are told as phishing and as command and control. */
const PHISHING_SHARE = 0.06;
const COMMAND_SHARE = 0.03;
/** Of hashes without a record, these shares lack the other digest's element, and all digests. */
const WITHOUT_OTHER_SHARE = 0.25;
const NAMELESS_SHARE = 0.03;

/** What the API says about one line of a batch, or about the hash of a single question. */
export function verdictOf(line: string, world: ApiWorld): VerdictInfo {
  if (!/^(?:[0-9a-f]{32}|[0-9a-f]{64})$/i.test(line)) {
    return { sha256: '', verdict: '-103', md5: '' };
  }
  const record = world.find(line);
  return record === null ? noRecord(line) : known(record);
}

function known(record: FileRecord): VerdictInfo {
  const cased = (hex: string): string => (record.draw.at(3) < UPPER_CASE_SHARE ? hex.toUpperCase() : hex);
  return { sha256: cased(record.sha256), verdict: codeOf(record), md5: cased(record.md5) };
}

function codeOf({ status, draw }: FileRecord): string {
  switch (status) {
    case 'non-malicious':
      return '0';
    case 'suspicious':
      return '2';
    case 'pending':
      return '-100';
    case 'malicious': {
      const kind = draw.at(4);
      return kind < PHISHING_SHARE ? '4' : kind < PHISHING_SHARE + COMMAND_SHARE ? '5' : '1';
    }
    default:
      throw new TypeError(`no such status: ${String(status satisfies never)}`);
  }
}

/** The guide's samples leave digests of unknown hashes empty or out; which it is depends on the hash alone. */
function noRecord(line: string): VerdictInfo {
  const form = drawFrom(`no record/${line.toLowerCase()}`).at(0);
  if (form < NAMELESS_SHARE) {
    return { verdict: '-102' };
  }
  const other = form < NAMELESS_SHARE + WITHOUT_OTHER_SHARE ? {} : line.length === 32 ? { sha256: '' } : { md5: '' };
  return line.length === 32 ? { ...other, verdict: '-102', md5: line } : { sha256: line, verdict: '-102', ...other };
}
