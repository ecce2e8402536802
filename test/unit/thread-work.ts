/** What the calling thread worked for something, milliseconds: what else runs on the machine does not count. */
export async function threadWork(act: () => unknown): Promise<number> {
  const before = process.threadCpuUsage();
  await act();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
