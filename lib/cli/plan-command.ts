import { Command } from 'commander';
import { alternativesOf } from '../core/report/alternatives';
import { WorkloadReport } from '../core/report/workload-report';
import { AiInfraError } from '../core/errors';
import { EXIT, type ExitCode, UsageError } from './exit';
import { machineOf, planOn, planText, regionNote } from './machine-plan';
import { countOf } from './options';
import { addPlanFlags, inputOf, withFlagNames } from './plan-flags';
import { rank, rankingText } from './ranking';
import { writeReport } from './report-file';
import type { Terminal } from './terminal';
import { workloadOf } from './workload';

const EXAMPLES = `
Examples:
  ai-infra plan --model Llama-3.1-70B --tokens 300e9 --finish-within-days 40
  ai-infra plan --model Llama-3.1-70B --tokens 300e9 --machine aws/p5.48xlarge --nodes 16 --report report
  ai-infra plan --model Llama-3.1-8B --input-tokens 1000 --output-tokens 200 --requests-per-second 20 --clouds aws
  ai-infra plan --file workload.yaml --json

Example file:
  training: { kind: pretrain, model: Llama-3.1-70B, tokens: 300e9, finishWithinDays: 40 }
  machine: aws/p5.48xlarge
  nodes: 16
  market: spot
  prices: [{ machine: p5.48xlarge, market: spot, usdPerHour: 21.5 }]
`;

interface Output {
  readonly json?: boolean;
  readonly report?: string;
  readonly top: number;
  readonly refused?: boolean;
}

/** `ai-infra plan`: ranks the machines for a workload, or plans it on one machine. */
export function planCommand(terminal: Terminal, done: (code: ExitCode) => void): Command {
  const command = new Command('plan');
  return addPlanFlags(command)
    .optionsGroup('Output:')
    .option('--json', 'write JSON')
    .option('--top <count>', 'number of options to show', countOf, 15)
    .option('--refused', 'show why the other machines were rejected')
    .option('--report <folder>', 'write the report of the plan to this folder, as JSON, Markdown, and HTML')
    .addHelpText('after', EXAMPLES)
    .action(({ json, report, top, refused, ...flags }: Output & Readonly<Record<string, unknown>>) => {
      const output = { json, report, top, refused };
      try {
        const { on, ...input } = inputOf(flags);
        const workload = workloadOf({ on, ...input });
        done(on.machine === undefined ? ranking(workload, on, output) : one(workload, on, output));
      } catch (error) {
        if (!AiInfraError.isAiInfraError(error)) throw error;
        throw new UsageError(withFlagNames(error.message, Object.keys(flags)));
      }
    });

  function ranking(workload: Work, on: On, { json, report, top, refused = false }: Output): ExitCode {
    reject(on, MACHINE_OPTIONS, 'needs a machine: set --machine');
    if (report !== undefined) throw new UsageError('--report: needs a machine: set --machine');
    const options = rank(workload, on);
    terminal.out(json ? `${JSON.stringify(options, null, 2)}\n` : rankingText(terminal, options, top, refused));
    return options.ranked.length > 0 ? EXIT.OK : EXIT.FAILED;
  }

  function one(workload: Work, on: On, { json, report: folder }: Output): ExitCode {
    if (folder === undefined) reject(on, RANKING_OPTIONS, 'applies to a ranking only: remove it or --machine');
    const machine = machineOf(on.machine);
    const plan = planOn(machine, workload, on);
    const alternatives =
      folder === undefined
        ? []
        : alternativesOf(rank(workload, { ...on, market: undefined, region: undefined }), {
            cloud: machine.cloud,
            machine: machine.name,
          });
    const report = WorkloadReport.ofPlan(plan, alternatives);
    terminal.out(
      json
        ? `${JSON.stringify(plan, null, 2)}\n`
        : [
            ...report.document.workloads.map((one) => planText(terminal, one)),
            on.region === undefined ? regionNote(machine, plan) : '',
          ]
            .filter((part) => part !== '')
            .join('\n'),
    );
    if (folder !== undefined) writeReport(report, folder).forEach((path) => terminal.err(`wrote ${path}\n`));
    return plan.contradictions.length > 0 ? EXIT.FAILED : EXIT.OK;
  }
}

const MACHINE_OPTIONS = [
  'nodes',
  'replicas',
  'acceleratorsPerReplica',
  'wideExperts',
  'storage',
  'spotNodeLifeHours',
] as const;
const RANKING_OPTIONS = ['clouds', 'markets', 'regions', 'rankBy'] as const;

/** Rejects options that would have no effect. */
function reject(on: On, keys: readonly string[], why: string): void {
  const key = keys.find((one) => on[one] !== undefined);
  if (key !== undefined) throw new UsageError(`${key}: ${why}`);
}

type Work = ReturnType<typeof workloadOf>;
type On = Readonly<Record<string, unknown>>;
