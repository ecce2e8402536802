import { consolePage } from '../../../destinations/tanium/connection/address.ts';
import type { ServiceParts } from '../parts.ts';
import type { ThreatSyncService } from '../port.ts';

type PageCalls = Pick<ThreatSyncService, 'plan' | 'log' | 'ledger' | 'requests' | 'indicators' | 'release'>;

/** What runs decided, wrote and logged, and the indicators of a job, by pages. */
export function pageCalls(parts: ServiceParts): PageCalls {
  const { database } = parts;
  return {
    async plan({ runId, actions, text, offset, limit }) {
      await parts.run(runId);
      const { total, rows } = await database.read('syncPlanPage', { runId, actions, text, offset, limit });
      const here = await parts.judge.here(rows.map(({ type, terms }) => (type === 'File' ? terms : [])));
      await database.write('seeSyncRun', { runId });
      return {
        total,
        rows: rows.map(({ terms: _terms, tags, ...row }, index) => ({
          ...row,
          tags: [...tags],
          here: here[index] ?? null,
        })),
      };
    },
    async log({ runId, offset, limit }) {
      await parts.run(runId);
      const { total, rows } = await database.read('syncLogPage', { runId, offset, limit });
      return { total, rows: rows.map(({ at, level, text }) => ({ at, level, text })) };
    },
    async ledger({ jobId, runId, offset, limit }) {
      const { config } = await parts.job(jobId);
      const { total, rows } = await database.read('syncLedgerPage', { jobId, runId, offset, limit });
      return {
        total,
        rows: rows.map((row) => ({
          id: row.id,
          runId: row.runId,
          at: row.at,
          settledAt: row.settledAt,
          action: row.action,
          host: row.host,
          package: row.package,
          intelId: row.intelId,
          intelPage: row.intelId === null ? '' : consolePage(config.taniumUrl, row.host, row.intelId),
          indicators: row.indicators,
          added: row.added.length,
          removed: row.removed.length,
          outcome: row.outcome,
          httpStatus: row.httpStatus,
          message: row.message,
        })),
      };
    },
    async requests({ jobId, runId, offset, limit }) {
      await parts.job(jobId);
      const { total, rows } = await database.read('syncRequestsPage', { jobId, runId, offset, limit });
      return {
        total,
        rows: rows.map(({ id, runId: of, at, host, label, httpStatus, elapsedMs, message }) => ({
          id,
          runId: of,
          at,
          host,
          label,
          httpStatus,
          elapsedMs,
          message,
        })),
      };
    },
    async indicators({ jobId, which, text, offset, limit }) {
      await parts.job(jobId);
      const { total, rows } = await database.read('syncIndicatorsPage', { jobId, which, text, offset, limit });
      return {
        total,
        rows: rows.map((row) => ({
          id: row.id,
          type: row.type,
          summary: row.summary,
          terms: row.terms.map((term) => ({ ...term })),
          owner: row.owner,
          rating: row.rating,
          confidence: row.confidence,
          threatAssess: row.threatAssess,
          falsePositives: row.falsePositives,
          tags: [...row.tags],
          modifiedAt: row.modifiedAt,
          link: row.link,
          package: row.package,
          held: row.held,
          heldBy: row.heldBy,
          released: row.released,
          sent: row.sent || row.listedTerms !== null,
        })),
      };
    },
    async release({ jobId, ids, release }) {
      await parts.job(jobId);
      return { changed: await database.write('releaseIndicators', { jobId, ids, release }) };
    },
  };
}
