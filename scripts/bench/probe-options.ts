/** Measured program: ranks every machine and market of every cloud for one workload. `probe-options training|serving` */
import { ModelSpec, Prices, ServingLoad, TrainingJob } from 'ai-infra-constructs';
import { optionsFor } from 'ai-infra-constructs/planning';
import { median } from './statistics';

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
const props = { prices: Prices.asOf('2026-11-25'), markets: ['on-demand', 'spot', 'committed'] } as const;

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
