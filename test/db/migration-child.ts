import { MIGRATIONS } from '#main/db/migrations/index.ts';
import { migrate } from '#main/db/migrate.ts';
import { openWritable } from '#main/db/open.ts';

/** Migrates the file named first and dies by SIGKILL inside the step numbered second, after its statements ran. */
const [file = '', step = '0'] = process.argv.slice(2);
migrate(openWritable(file), {
  keepCopy: false,
  migrations: MIGRATIONS.map((migration) => ({
    ...migration,
    up(db) {
      migration.up(db);
      if (migration.version === Number(step)) {
        process.kill(process.pid, 'SIGKILL');
      }
    },
  })),
});
