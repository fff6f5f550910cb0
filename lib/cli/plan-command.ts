import { Command } from 'commander';
import { alternativesOf } from '../core/report/alternatives';
import { WorkloadReport } from '../core/report/workload-report';
import { documentText } from './document-text';
import { EXIT, type ExitCode } from './exit-codes';
import { countOf } from './options';
import { addPlanFlags, inputOf } from './plan-flags';
import { planOn, regionNote } from './plan-machine';
import { rank, rankingText } from './plan-options';
import { writeReport } from './report-files';
import type { Terminal } from './terminal';
import { UsageError } from './usage-error';
import { machineOf, workloadOf } from './workload';

const EXAMPLES = `
Examples:
  ai-infra plan --model Llama-3.1-70B --tokens 300e9 --finish-within-days 40
  ai-infra plan --model Llama-3.1-70B --tokens 300e9 --machine aws/p5.48xlarge --nodes 16 --report report
  ai-infra plan --model Llama-3.1-8B --input-tokens 1000 --output-tokens 200 --requests-per-second 20 --clouds aws
  ai-infra plan --file workload.yaml --json

A file:
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

/** `ai-infra plan`: the machines that can do the work, or what it takes on one of them. */
export function planCommand(terminal: Terminal, done: (code: ExitCode) => void): Command {
  const command = new Command('plan');
  return addPlanFlags(command)
    .optionsGroup('Output:')
    .option('--json', 'write JSON')
    .option('--top <count>', 'options of the ranking to show', countOf, 15)
    .option('--refused', 'tell why the other machines are no option')
    .option('--report <folder>', 'write the report of the plan there, as JSON, Markdown and HTML')
    .addHelpText('after', EXAMPLES)
    .action(({ json, report, top, refused, ...flags }: Output & Readonly<Record<string, unknown>>) => {
      const output = { json, report, top, refused };
      const { on, ...input } = inputOf(flags);
      const workload = workloadOf({ on, ...input });
      done(on.machine === undefined ? ranking(workload, on, output) : one(workload, on, output));
    });

  function ranking(workload: Work, on: On, { json, report, top, refused = false }: Output): ExitCode {
    refuse(on, OF_A_MACHINE, 'needs a machine: name one with --machine');
    if (report !== undefined)
      throw new UsageError('--report: is of a plan, and needs a machine: name one with --machine');
    const options = rank(workload, on);
    terminal.out(json ? `${JSON.stringify(options, null, 2)}\n` : rankingText(terminal, options, top, refused));
    return options.ranked.length > 0 ? EXIT.OK : EXIT.FAILED;
  }

  function one(workload: Work, on: On, { json, report: folder }: Output): ExitCode {
    if (folder === undefined) refuse(on, OF_A_RANKING, 'is of a ranking, which --machine leaves out');
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
            ...report.document.workloads.map((one) => documentText(terminal, one)),
            on.region === undefined ? regionNote(machine, plan) : '',
          ]
            .filter((part) => part !== '')
            .join('\n'),
    );
    if (folder !== undefined) writeReport(report, folder).forEach((path) => terminal.err(`wrote ${path}\n`));
    return plan.contradictions.length > 0 ? EXIT.FAILED : EXIT.OK;
  }
}

const OF_A_MACHINE = ['nodes', 'replicas', 'acceleratorsPerReplica', 'storage'] as const;
const OF_A_RANKING = ['clouds', 'markets', 'regions', 'rankBy'] as const;

/** What is told and cannot count would be a wish that nobody hears. */
function refuse(on: On, keys: readonly string[], why: string): void {
  const told = keys.find((key) => on[key] !== undefined);
  if (told !== undefined) throw new UsageError(`${told}: ${why}`);
}

type Work = ReturnType<typeof workloadOf>;
type On = Readonly<Record<string, unknown>>;
