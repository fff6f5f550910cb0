/**
 * Runs the software of the constructs on a real Kubernetes control plane, without a cloud. Each flavor is an app. Its charts
 * and objects are installed, and nodes like those of the cloud join. Scenarios prove what jobs and servers do there.
 *
 * The first run builds the programs from Go modules, which takes about 10 minutes. It needs Go 1.26, OpenSSL 3, and 4 GB of memory.
 *
 * `tsx scripts/verify-kubernetes.ts [--write] [<flavor> …]`: some flavors, or all. `--write` writes docs/verification.md.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ControlPlane } from './kubernetes/control-plane';
import { Controllers } from './kubernetes/controllers';
import { FLAVORS } from './kubernetes/flavors';
import type { Flavor } from './kubernetes/flavors/flavor';
import { FlavorCluster } from './kubernetes/flavor-cluster';
import { Programs } from './kubernetes/programs';
import { type FlavorResult, writeReport } from './kubernetes/report';

/** Number of control planes. Jobs mostly wait for each other, so two cores are enough for three. */
const PARALLEL = 3;

/** Synthesizes the app of a flavor, installs it on a control plane, and runs its scenarios. */
async function verify(flavor: Flavor, plane: ControlPlane, controllers: Controllers): Promise<FlavorResult> {
  const begin = performance.now();
  const folder = mkdtempSync(join(plane.folder, 'app-'));
  const [passed, failures]: [string[], string[]] = [[], []];
  let cluster: FlavorCluster | undefined;
  try {
    const app = flavor.synthesize(folder);
    cluster = await FlavorCluster.create(plane, controllers, app.software, flavor.cloud);
    trace(`${flavor.name}: installed, ${secondsSince(begin)} s`);
    for (const { title, run } of flavor.scenarios) {
      const start = performance.now();
      try {
        await run({ ...app, cluster });
        passed.push(title);
        trace(`${flavor.name}: ${title}, ${secondsSince(start)} s`);
      } catch (error) {
        failures.push(`${title}: ${(error as Error).message}`);
        await cluster.clear();
      }
    }
    const end = performance.now();
    await cluster.remove();
    trace(`${flavor.name}: removed, ${secondsSince(end)} s`);
  } catch (error) {
    failures.push((error as Error).stack ?? String(error));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    flavor,
    passed,
    failures,
    objects: cluster?.accepted ?? 0,
    jobs: cluster?.jobs.size ?? 0,
    transitions: cluster?.transitions ?? 0,
    unknownKinds: [...(cluster?.unknownKinds ?? [])],
    seconds: secondsSince(begin),
  };
}

function trace(line: string): void {
  if (process.env.VERBOSE) console.log(`  ${line}`);
}

function secondsSince(begin: number): number {
  return Math.round((performance.now() - begin) / 100) / 10;
}

function print({ flavor, passed, failures, objects, jobs, seconds }: FlavorResult): void {
  const counts = `${objects} objects, ${jobs} jobs, ${passed.length} scenarios passed`;
  if (failures.length === 0) {
    console.log(`${flavor.name}: ${counts}, ${seconds} s`);
    return;
  }
  console.error(`${flavor.name}: ${failures.length} scenarios FAILED, ${counts}, ${seconds} s`);
  for (const failure of failures) console.error(failure.replace(/^/gm, '  '));
}

async function main(args: readonly string[]): Promise<void> {
  const { values, positionals: wanted } = parseArgs({
    args: [...args],
    options: { write: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const unknown = wanted.filter((name) => !FLAVORS.some((flavor) => flavor.name === name));
  if (unknown.length > 0) {
    throw new Error(`no flavor ${unknown.join(', ')}; there are ${FLAVORS.map(({ name }) => name).join(', ')}`);
  }
  const programs = Programs.provide();
  const left = FLAVORS.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  const results: FlavorResult[] = [];
  const worker = async () => {
    while (left.length > 0) {
      const plane = await ControlPlane.start(programs);
      const controllers = new Controllers(plane);
      try {
        let isClean = true;
        while (isClean && left.length > 0) {
          const result = await verify(left.shift()!, plane, controllers);
          print(result);
          results.push(result);
          // A failure can leave objects behind.
          isClean = result.failures.length === 0;
        }
      } finally {
        plane.end();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, left.length) }, worker));
  const failed = results.filter(({ failures }) => failures.length > 0).length;
  const scenarios = results.reduce((sum, { passed }) => sum + passed.length, 0);
  console.log(`${results.length - failed} flavors passed, ${failed} failed, ${scenarios} scenarios passed`);
  if (values.write) writeReport(results, programs);
  if (failed > 0) process.exitCode = 1;
}

// Child processes end in the handler of `exit`, which a signal does not run by itself.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});
