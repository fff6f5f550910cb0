import { type Command, Option } from 'commander';
import { CLOUDS } from '../core/catalog/machines';
import { SERVICE_LEVELS } from '../core/catalog/service-levels';
import { UsageError } from './exit';
import { countOf, dayOf, listOf, numberOf } from './options';
import { JOB_KINDS, KEYS, readWorkload, type WorkloadInput } from './workload';

const MARKETS = ['on-demand', 'spot', 'committed'] as const;
const PRECISIONS = ['bf16', 'fp8', 'fp4'] as const;

/** Adds the flags that describe a workload and its machines. */
export function addPlanFlags(command: Command): Command {
  return command
    .option('-f, --file <path>', 'YAML or JSON file with the workload; flags take precedence')
    .optionsGroup('Workload:')
    .option('--model <name>', 'name of a model, for example Llama-3.1-70B, or its Hugging Face ID')
    .option('--model-config <path>', 'or the Hugging Face config.json of a model')
    .optionsGroup('Training:')
    .addOption(new Option('--kind <kind>', 'kind of training').choices(JOB_KINDS))
    .option('--tokens <count>', 'number of training tokens, for example 300e9', numberOf)
    .option('--sequence-length <tokens>', 'tokens per sequence', numberOf)
    .option('--global-batch <sequences>', 'sequences per step', numberOf)
    .addOption(new Option('--precision <name>', 'precision of matrix multiplications').choices(PRECISIONS))
    .option('--finish-within-days <days>', 'deadline', numberOf)
    .option('--budget-usd <amount>', 'budget of the run in USD', numberOf)
    .optionsGroup('Serving:')
    .option('--input-tokens <count>', 'tokens per request', numberOf)
    .option('--output-tokens <count>', 'tokens per response', numberOf)
    .option('--requests-per-second <rate>', 'arriving requests per second', numberOf)
    .option('--concurrency <count>', 'or concurrent requests', numberOf)
    .addOption(
      new Option('--service-level <name>', 'latency targets of a service level').choices(Object.keys(SERVICE_LEVELS)),
    )
    .option('--ttft-ms <ms>', 'maximum time to first token', numberOf)
    .option('--tpot-ms <ms>', 'maximum time per output token', numberOf)
    .addOption(new Option('--weight-precision <name>', 'precision of the weights').choices(PRECISIONS))
    .optionsGroup('Machines:')
    .option('--machine <cloud/name>', 'plan for this machine; without it, rank all machines')
    .option('--nodes <count>', 'number of machines that train together; without it, as many as the job needs', countOf)
    .option('--replicas <count>', 'number of model replicas', countOf)
    .option('--wide-experts', 'distribute the experts of a replica over many nodes, with separate prefill')
    .addOption(new Option('--market <name>', 'market of the machines').choices(MARKETS))
    .option('--region <name>', 'region of the machines')
    .option('--clouds <names...>', `rank machines of these clouds: ${CLOUDS.join(', ')}`, listOf(CLOUDS))
    .option('--markets <names...>', `rank these markets: ${MARKETS.join(', ')}`, listOf(MARKETS))
    .option('--regions <names...>', 'rank these regions', listOf())
    .option('--prices <file>', 'use the prices of this file, see ai-infra prices update')
    .addOption(new Option('--rank-by <what>', 'order of the ranking').choices(['cost', 'time']))
    .option('--as-of <day>', 'day that the age of prices is counted from (default: today)', dayOf);
}

type Values = Readonly<Record<string, unknown>>;

/** Merges the workload of a file with the flags. Training and serving flags together are an error. */
export function inputOf({ file, prices: priceFile, ...others }: Values): WorkloadInput {
  // In a file, `prices` is a list of own prices.
  const flags = { ...others, priceFile };
  const base: WorkloadInput = typeof file === 'string' ? readWorkload(file) : { on: {} };
  const own = (kind: 'training' | 'serving') =>
    pick(
      flags,
      KEYS[kind].filter((key) => !SHARED.includes(key)),
    );
  const [training, serving] = [own('training'), own('serving')];
  const trains = base.training !== undefined || Object.keys(training).length > 0;
  const serves = base.serving !== undefined || Object.keys(serving).length > 0;
  if (trains && serves) throw new UsageError('set either a training job or a serving load, not both');
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

/** What a message of the library names, and what a user of the command line sets instead. */
const ON_COMMAND_LINE: readonly (readonly [RegExp, string])[] = [
  [/`Prices\.fromFile`, or set the price with `Prices\.of`/g, '`--prices`, or set `prices` in a workload file'],
  [/`Prices\.fromFile`/g, '`--prices`'],
  [/`Prices\.of`/g, '`prices` in a workload file'],
  [/\bjob\.finishWithin\b/g, '--finish-within-days'],
  [/\b(?:job|load)\.(budgetUsd|precision|ttftMs|tpotMs)\b/g, '--$1'],
  [/\bjob\.parallelism\b/g, 'parallelism'],
  [/(?<![\w.-])(nodes|replicas|market) must be/g, '--$1 must be'],
];

/** Returns a message of the library with the names of flags, and of keys in a workload file. */
export function asFlags(message: string): string {
  const named = ON_COMMAND_LINE.reduce((text, [library, flag]) => text.replace(library, flag), message);
  return named.replace(/(?<=--)[a-z]+[A-Z]\w*/g, kebab);
}

/** Returns the message of an invalid value with the name of its flag. @param flags names of the flags that have a value */
export function withFlagNames(message: string, flags: readonly string[]): string {
  return asFlags(message).replace(/(?<![\w.-])([a-z]\w*)(?= must be)/g, (name) =>
    flags.includes(name) ? `--${kebab(name)}` : name,
  );
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
