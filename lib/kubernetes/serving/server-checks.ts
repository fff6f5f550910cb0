import type { ProblemCollector } from '../../core/errors';
import { isImageReference } from '../../core/image-reference';
import type { ModelServer } from './server';

/** Flags that this library sets. Other values would not match the probes, services and accelerators. */
const RESERVED_FLAGS: Readonly<Record<ModelServer['engine'], readonly string[]>> = {
  vllm: [
    ...['--model', '--host', '--port', '--uds', '--headless'],
    ...['--tensor-parallel-size', '-tp', '--pipeline-parallel-size', '-pp'],
    ...['--nnodes', '-n', '--node-rank', '-r', '--master-addr'],
  ],
  triton: ['--http-port', '--grpc-port', '--metrics-port', '--allow-http', '--allow-metrics'],
};

/** Flags with an option in `VllmServerOptions`. If a flag appears twice, vLLM uses the last value, but the plan uses the first one. */
const UNIQUE_FLAGS = ['--served-model-name', '--max-model-len', '--gpu-memory-utilization', '--kv-cache-dtype'];

/** Adds problems for a server: its image, its arguments and its environment variables. */
export function checkServer(problems: ProblemCollector, { engine, image, args, env }: ModelServer): void {
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'ServingContainerInvalid', prop, allowed, got, fix });
  // An image with variables is only known at deployment and cannot be checked.
  if (!image.includes('${') && !isImageReference(image)) {
    wrong('image', 'an image reference, for example vllm/vllm-openai:v0.27.1', image, 'Copy it from the registry.');
  }
  const flags = args.map(flagOf);
  for (const flag of flags.filter((one) => RESERVED_FLAGS[engine].includes(one))) {
    wrong('args', `without ${flag}, which this library sets`, flag, 'Leave it out.');
  }
  for (const flag of UNIQUE_FLAGS.filter((one) => flags.indexOf(one) !== flags.lastIndexOf(one))) {
    wrong('args', `without a second ${flag}`, args, 'Only use the option of ServingServer.vllm.');
  }
  if (engine === 'vllm') checkNumbers(args, wrong);
  for (const { name } of env) {
    if (/^[A-Za-z_][\w.-]*$/.test(name)) continue;
    wrong(`env.${name}`, 'a name of letters, digits and _ that does not start with a digit', name, 'Rename it.');
  }
  const repeated = env.map(({ name }) => name).filter((name, index, all) => all.indexOf(name) !== index);
  for (const name of new Set(repeated)) wrong('env', 'a list of unique variables', name, 'Remove one of them.');
}

/** Returns the flag of an argument. vLLM accepts `_` instead of `-`, and both servers accept a value after `=`. */
function flagOf(arg: string): string {
  return arg.startsWith('-') ? arg.replace(/=.*$/s, '').replaceAll('_', '-') : '';
}

type Wrong = (prop: string, allowed: string, got: unknown, fix: string) => void;

function checkNumbers(args: readonly string[], wrong: Wrong): void {
  const share = valueOf(args, '--gpu-memory-utilization');
  if (share !== undefined && !(Number(share) > 0 && Number(share) <= 1)) {
    wrong('memoryShare', 'a number greater than 0 and at most 1', share, 'Leave it out to use 0.9.');
  }
  const length = valueOf(args, '--max-model-len');
  if (length !== undefined && !Number.isNaN(Number(length)) && !(Number.isInteger(Number(length)) && +length > 0)) {
    wrong('maxModelLength', 'a whole number of tokens', length, 'Leave it out to use the limit of the model.');
  }
}

function valueOf(args: readonly string[], flag: string): string | undefined {
  const at = args.findIndex((arg) => flagOf(arg) === flag);
  if (at < 0) return undefined;
  return args[at]!.includes('=') ? args[at]!.replace(/^[^=]*=/, '') : args[at + 1];
}
