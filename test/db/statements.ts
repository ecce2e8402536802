import type { ReadableDb } from '#main/db/handles.ts';

/** Every statement that work prepares on a handle, in its order. The work is done for real. */
export function statementsOf<T extends ReadableDb>(db: T, work: (watched: T) => unknown): string[] {
  const statements: string[] = [];
  const watched = new Proxy(db, {
    get(target, name) {
      if (name === 'prepare') {
        return (sql: string) => {
          statements.push(sql);
          return target.prepare(sql);
        };
      }
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  work(watched);
  return statements;
}
