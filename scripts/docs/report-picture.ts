import { machineNamed } from '../../lib/core/catalog/machines';
import { Prices } from '../../lib/core/catalog/price-override';
import { planTraining } from '../../lib/core/planning/plan-training';
import { paletteCss } from '../../lib/core/report/style';
import { topologySvg } from '../../lib/core/report/topology';
import { WorkloadReport } from '../../lib/core/report/workload-report';
import { ModelSpec } from '../../lib/core/workload/model-spec';
import { TrainingJob } from '../../lib/core/workload/training-job';

const WIDTH = 982;

/** Returns the topology picture of a report as a separate file with the colors of the page. */
export function reportPicture(): string {
  const plan = planTraining({
    job: TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_70B, tokens: 300e9 }),
    machine: machineNamed('aws', 'p5.48xlarge'),
    nodes: 16,
    prices: Prices.asOf('2026-11-25'),
  });
  const { topology } = WorkloadReport.ofPlan(plan).document.workloads[0]!;
  const style = `<style>${paletteCss()}\nsvg{background:var(--panel)}\ntext{font-family:system-ui,sans-serif;fill:var(--text)}</style>`;
  return `${topologySvg(topology!, WIDTH, 'report').replace('</desc>', `</desc>${style}`)}\n`;
}
