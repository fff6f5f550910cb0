import { type Command, Option } from 'commander';
import { CLOUDS } from '../core/catalog/machines';
import { SERVICE_LEVELS } from '../core/catalog/service-levels';
import { countOf, dayOf, listOf, numberOf } from './options';
import { UsageError } from './usage-error';
import { JOB_KINDS } from './workload';
import { KEYS, readWorkload, type WorkloadInput } from './workload-file';

const MARKETS = ['on-demand', 'spot', 'committed'] as const;
const PRECISIONS = ['bf16', 'fp8', 'fp4'] as const;

/** Adds the flags that tell a workload and what it is to run on. */
export function addPlanFlags(command: Command): Command {
  return command
    .option('-f, --file <path>', 'YAML or JSON file that tells the workload; flags come before it')
    .optionsGroup('Workload:')
    .option('--model <name>', 'a model of the table, e.g. Llama-3.1-70B')
    .option('--model-config <path>', "or a model's Hugging Face config.json")
    .optionsGroup('Training:')
    .addOption(new Option('--kind <kind>', 'what is trained').choices(JOB_KINDS))
    .option('--tokens <count>', 'tokens to train on, e.g. 300e9', numberOf)
    .option('--sequence-length <tokens>', 'tokens of a sequence', numberOf)
    .option('--global-batch <sequences>', 'sequences of a step', numberOf)
    .addOption(new Option('--precision <name>', 'arithmetic of the matrix products').choices(PRECISIONS))
    .option('--finish-within-days <days>', 'deadline', numberOf)
    .option('--budget-usd <amount>', 'most that the run may cost', numberOf)
    .optionsGroup('Serving:')
    .option('--input-tokens <count>', 'tokens of a request', numberOf)
    .option('--output-tokens <count>', 'tokens of an answer', numberOf)
    .option('--requests-per-second <rate>', 'requests that arrive', numberOf)
    .option('--concurrency <count>', 'or requests that are served at once', numberOf)
    .addOption(
      new Option('--service-level <name>', 'latency targets of the table').choices(Object.keys(SERVICE_LEVELS)),
    )
    .option('--ttft-ms <ms>', 'most to the first token', numberOf)
    .option('--tpot-ms <ms>', 'most between tokens', numberOf)
    .addOption(new Option('--weight-precision <name>', 'what a weight takes').choices(PRECISIONS))
    .optionsGroup('Machines:')
    .option('--machine <cloud/name>', 'plan for this machine; without it, rank all')
    .option('--nodes <count>', 'machines that train together', countOf)
    .option('--replicas <count>', 'copies of the model that serve', countOf)
    .addOption(new Option('--market <name>', 'how they are bought').choices(MARKETS))
    .option('--region <name>', 'where')
    .option('--clouds <names...>', `rank those of these clouds: ${CLOUDS.join(', ')}`, listOf(CLOUDS))
    .option('--markets <names...>', `rank these markets: ${MARKETS.join(', ')}`, listOf(MARKETS))
    .option('--regions <names...>', 'rank these regions', listOf())
    .addOption(new Option('--rank-by <what>', 'the order').choices(['cost', 'time']))
    .option('--as-of <day>', 'the day that prices are for (default: today)', dayOf);
}

type Values = Readonly<Record<string, unknown>>;

/** The workload of a file, with what flags say of it. Flags of the other kind of workload are an error. */
export function inputOf({ file, ...flags }: Values): WorkloadInput {
  const base: WorkloadInput = typeof file === 'string' ? readWorkload(file) : { on: {} };
  const own = (kind: 'training' | 'serving') =>
    pick(
      flags,
      KEYS[kind].filter((key) => !SHARED.includes(key)),
    );
  const [training, serving] = [own('training'), own('serving')];
  const trains = base.training !== undefined || Object.keys(training).length > 0;
  const serves = base.serving !== undefined || Object.keys(serving).length > 0;
  if (trains && serves) throw new UsageError('give a training job or a serving load, not both');
  const model = pick(flags, SHARED);
  return {
    ...(trains && { training: { ...base.training, ...model, ...training } }),
    ...(serves && { serving: { ...base.serving, ...model, ...serving } }),
    on: { ...base.on, ...pick(flags, KEYS.on) },
  };
}

const SHARED: readonly string[] = ['model', 'modelConfig'];

function pick(values: Values, keys: readonly string[]): Values {
  return Object.fromEntries(keys.filter((key) => values[key] !== undefined).map((key) => [key, values[key]]));
}
