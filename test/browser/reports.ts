import { machineNamed } from '../../lib/core/catalog/machines';
import { Prices } from '../../lib/core/catalog/price-override';
import { optionsFor } from '../../lib/core/planning/options';
import { planServing } from '../../lib/core/planning/serving/plan-serving';
import { planTraining } from '../../lib/core/planning/plan-training';
import { alternativesOf } from '../../lib/core/report/alternatives';
import type { ReportDocument, ReportWorkload } from '../../lib/core/report/document';
import { WorkloadReport } from '../../lib/core/report/workload-report';
import { ModelSpec } from '../../lib/core/workload/model-spec';
import { ServingLoad } from '../../lib/core/workload/serving-load';
import { TrainingJob } from '../../lib/core/workload/training-job';
import { poisoned } from '../core/report/poisoned';
import { SAMPLE, WORKLOAD } from '../core/report/sample';

const prices = Prices.asOf('2026-11-25');
const p5 = machineNamed('aws', 'p5.48xlarge');
const { LLAMA_3_1_8B, LLAMA_3_1_70B, LLAMA_3_1_405B } = ModelSpec;

/** Four plans: a valid one, a contradiction, a serving plan, and one without comparable runs. */
export function severalPlans(): WorkloadReport {
  const job = TrainingJob.pretrain({ model: LLAMA_3_1_70B, tokens: 300e9, finishWithinDays: 40, budgetUsd: 900_000 });
  const pretrain = planTraining({ job, machine: p5, nodes: 16, prices });
  const late = TrainingJob.pretrain({ model: LLAMA_3_1_405B, tokens: 15e12, finishWithinDays: 60 });
  const load = ServingLoad.of({
    model: LLAMA_3_1_70B,
    inputTokens: 1000,
    outputTokens: 200,
    requestsPerSecond: 20,
    ttftMs: 500,
  });
  const lora = TrainingJob.lora({ model: LLAMA_3_1_8B, tokens: 3e9, finishWithinDays: 4 });
  const [price] = pretrain.findings;
  return WorkloadReport.of([
    {
      path: 'Research/Pretrain',
      plan: pretrain,
      alternatives: alternativesOf(optionsFor(job, { prices }), pretrain.cluster),
      findings: [{ ...price!, constructPath: 'Research/Pretrain/Nodes', acknowledged: 'Renegotiated in January.' }],
    },
    { path: 'Research/Frontier', plan: planTraining({ job: late, machine: p5, nodes: 1000, prices, market: 'spot' }) },
    { path: 'Chat/Endpoint', plan: planServing({ load, machine: machineNamed('aws', 'p5en.48xlarge'), prices }) },
    { plan: planTraining({ job: lora, machine: machineNamed('aws', 'trn2.48xlarge'), nodes: 2, prices }), path: '' },
  ]);
}

/** A workload with content in every section. */
export function one(): WorkloadReport {
  return new WorkloadReport(SAMPLE);
}

/** Names that are too long: letters, wide letters, ideographs, pictographs, and right-to-left text. */
const LONG_NAMES = ['W'.repeat(120), '训练作业'.repeat(20), '🚀👩🏽‍🔬'.repeat(20), 'تدريب النموذج '.repeat(8)];

/** The same workload with texts that are too long. */
export function longNames(): WorkloadReport {
  const workloads = LONG_NAMES.map((name) => poisoned(WORKLOAD, name));
  return new WorkloadReport({ ...SAMPLE, title: 'Names', workloads });
}

/** The same workload on few and many machines, with few and many accelerators. */
export function manySizes(): WorkloadReport {
  const { topology } = WORKLOAD;
  const of = (count: number, accelerators: number): ReportWorkload => ({
    ...WORKLOAD,
    title: `Training on ${count} machines of ${accelerators}`,
    topology: { ...topology!, nodes: { ...topology!.nodes, count, accelerators } },
  });
  const sizes = [of(1, 0.5), of(2, 4), of(3, 16), of(16, 8), of(1000, 72), of(12_345, 8)];
  return new WorkloadReport({ ...SAMPLE, title: 'Sizes', workloads: sizes });
}

/** Names that try to inject code. */
export const ATTACKS = [
  '<img src=x onerror=alert(1)>',
  '"><script>alert(2)</script>',
  `' onmouseover='alert(3)`,
  '</style></svg></title><svg onload=alert(4)>',
  'javascript:alert(5)',
];

/** A report in which every text is an injection attempt. */
export function hostile(): WorkloadReport {
  const workloads = ATTACKS.map((attack) => poisoned(WORKLOAD, attack));
  const document: ReportDocument = { ...SAMPLE, title: ATTACKS.join(' '), workloads };
  return new WorkloadReport(document);
}
