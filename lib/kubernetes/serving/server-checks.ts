import type { Problems } from '../../core/errors';
import { isImageReference } from '../../core/image-reference';
import type { ModelServer } from './server';

/** What this library says of a server itself: said again, probes, services and accelerators would be of another one. */
const OWN: Readonly<Record<ModelServer['engine'], readonly string[]>> = {
  vllm: [
    ...['--model', '--host', '--port', '--uds', '--headless'],
    ...['--tensor-parallel-size', '-tp', '--pipeline-parallel-size', '-pp'],
    ...['--nnodes', '-n', '--node-rank', '-r', '--master-addr'],
  ],
  triton: ['--http-port', '--grpc-port', '--metrics-port', '--allow-http', '--allow-metrics'],
};

/** What `VllmServerOptions` has an option for: the last of two would count, and the plan would rest on the first. */
const ONCE = ['--served-model-name', '--max-model-len', '--gpu-memory-utilization', '--kv-cache-dtype'];

/** Adds what is wrong with a server: its image, its arguments and its environment. */
export function checkServer(problems: Problems, { engine, image, args, env }: ModelServer): void {
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'ServingContainerInvalid', prop, allowed, got, fix });
  // What only a deployment knows is let through.
  if (!image.includes('${') && !isImageReference(image)) {
    wrong('image', 'an image reference, e.g. vllm/vllm-openai:v0.27.1', image, 'Copy it from the registry.');
  }
  const flags = args.map(flagOf);
  for (const flag of flags.filter((one) => OWN[engine].includes(one))) {
    wrong('args', `without ${flag}, which is said already`, flag, 'Leave it out.');
  }
  for (const flag of ONCE.filter((one) => flags.indexOf(one) !== flags.lastIndexOf(one))) {
    wrong('args', `with ${flag} once`, args, 'Say it by the option of ServingServer.vllm alone.');
  }
  if (engine === 'vllm') checkNumbers(args, wrong);
  for (const { name } of env) {
    if (/^[A-Za-z_][\w.-]*$/.test(name)) continue;
    wrong(`env.${name}`, 'a name of letters, digits and _, which begins with no digit', name, 'Rename it.');
  }
  const repeated = env.map(({ name }) => name).filter((name, index, all) => all.indexOf(name) !== index);
  for (const name of new Set(repeated)) wrong('env', `with ${name} once`, name, 'Leave one of them out.');
}

/** The flag of an argument: vLLM takes `_` for `-`, and both servers a value behind `=`. */
function flagOf(arg: string): string {
  return arg.startsWith('-') ? arg.replace(/=.*$/s, '').replaceAll('_', '-') : '';
}

type Wrong = (prop: string, allowed: string, got: unknown, fix: string) => void;

function checkNumbers(args: readonly string[], wrong: Wrong): void {
  const share = valueOf(args, '--gpu-memory-utilization');
  if (share !== undefined && !(Number(share) > 0 && Number(share) <= 1)) {
    wrong('memoryShare', 'more than 0 and at most 1', share, 'Leave it out for 0.9.');
  }
  const length = valueOf(args, '--max-model-len');
  if (length !== undefined && !Number.isNaN(Number(length)) && !(Number.isInteger(Number(length)) && +length > 0)) {
    wrong('maxModelLength', 'a whole number of tokens', length, 'Leave it out for what the model says.');
  }
}

function valueOf(args: readonly string[], flag: string): string | undefined {
  const at = args.findIndex((arg) => flagOf(arg) === flag);
  if (at < 0) return undefined;
  return args[at]!.includes('=') ? args[at]!.replace(/^[^=]*=/, '') : args[at + 1];
}
