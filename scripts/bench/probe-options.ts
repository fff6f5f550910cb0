/** Measured program: every machine and market of every cloud for one workload. `probe-options training|serving` */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { median } from './statistics';
import type * as options from '../../lib/core/planning/options';
import type * as modelSpec from '../../lib/core/workload/model-spec';
import type * as servingLoad from '../../lib/core/workload/serving-load';
import type * as trainingJob from '../../lib/core/workload/training-job';

// The planner is part of the package, and not of its public entry.
const built = createRequire(join(process.cwd(), 'dist/core/'));
const { optionsFor } = built('./planning/options.js') as typeof options;
const { ModelSpec } = built('./workload/model-spec.js') as typeof modelSpec;
const { ServingLoad } = built('./workload/serving-load.js') as typeof servingLoad;
const { TrainingJob } = built('./workload/training-job.js') as typeof trainingJob;

const ROUNDS = 60;
const WARM = 20;

const workload =
  process.argv[2] === 'training'
    ? TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_70B, tokens: 2e12, finishWithinDays: 60 })
    : ServingLoad.of({
        model: ModelSpec.LLAMA_3_3_70B,
        inputTokens: 1000,
        outputTokens: 300,
        requestsPerSecond: 20,
        weightPrecision: 'fp8',
      });
const props = { asOf: '2026-11-25', markets: ['on-demand', 'spot', 'committed'] } as const;

interface Sample {
  readonly ms: number;
  readonly cpu: number;
  readonly heapMB: number;
}

function sample(): Sample {
  const heap = process.memoryUsage().heapUsed;
  const used = process.cpuUsage();
  const begin = performance.now();
  optionsFor(workload, props);
  const ms = performance.now() - begin;
  const { user, system } = process.cpuUsage(used);
  return { ms, cpu: (user + system) / 1000, heapMB: (process.memoryUsage().heapUsed - heap) / 1e6 };
}

const first = sample();
const warm = Array.from({ length: ROUNDS }, sample).slice(WARM);
const { ranked, refused } = optionsFor(workload, props);
console.log(
  JSON.stringify({
    ms: median(warm.map(({ ms }) => ms)),
    cpu: median(warm.map(({ cpu }) => cpu)),
    first: first.ms,
    heapMB: Math.max(first.heapMB, ...warm.map(({ heapMB }) => heapMB)),
    options: ranked.length,
    refused: refused.length,
  }),
);
