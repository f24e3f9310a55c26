// jest's global teardown: ends the cluster that jest-start-cluster.ts started.
export default async function stopCluster(): Promise<void> {
  const { stopTestCluster } = globalThis as { stopTestCluster?: () => Promise<void> };
  await stopTestCluster?.();
}
