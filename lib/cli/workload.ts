import type { Cloud, Machine } from '../core/catalog/machines';
import { allMachines, CLOUDS, machineNamed } from '../core/catalog/machines';
import { nearest } from '../core/nearest';
import type { ModelShape } from '../core/workload/model-shape';
import { ModelSpec } from '../core/workload/model-spec';
import { ServingLoad, type ServingLoadProps } from '../core/workload/serving-load';
import { type LoraProps, TrainingJob } from '../core/workload/training-job';
import { objectOf } from './options';
import { readData } from './read-file';
import { UsageError } from './usage-error';
import type { WorkloadInput } from './workload-file';

const JOBS = {
  pretrain: (props: LoraProps) => TrainingJob.pretrain(props),
  'fine-tune': (props: LoraProps) => TrainingJob.fineTune(props),
  lora: (props: LoraProps) => TrainingJob.lora(props),
} as const;

/** Kinds of training. */
export const JOB_KINDS = Object.keys(JOBS) as readonly (keyof typeof JOBS)[];

/** Returns the training job or serving load. The core checks its numbers. */
export function workloadOf({ training, serving }: WorkloadInput): TrainingJob | ServingLoad {
  if (training && serving) throw new UsageError('set either a training job or a serving load, not both');
  if (training) return jobOf(training);
  if (serving) return loadOf(serving);
  throw new UsageError(
    'set a workload: --model with --tokens for training, --model with --input-tokens and --output-tokens for serving, or --file',
  );
}

function jobOf({ kind = 'pretrain', model, modelConfig, ...props }: Readonly<Record<string, unknown>>): TrainingJob {
  const make = JOB_KINDS.find((name) => name === kind);
  if (!make) throw new UsageError(`kind must be one of ${JOB_KINDS.join(', ')} (got ${JSON.stringify(kind)})`);
  return JOBS[make]({ ...props, model: modelOf(model, modelConfig) } as unknown as LoraProps);
}

function loadOf({ model, modelConfig, ...props }: Readonly<Record<string, unknown>>): ServingLoad {
  return ServingLoad.of({ ...props, model: modelOf(model, modelConfig) } as unknown as ServingLoadProps);
}

/** Returns a model by its name, by its shape in a file, or by a Hugging Face `config.json`. */
function modelOf(model: unknown, config: unknown): ModelSpec {
  if (typeof config === 'string') {
    const name = typeof model === 'string' ? model : undefined;
    return ModelSpec.fromConfig(objectOf(readData(config).value, config), name);
  }
  if (typeof model === 'object' && model !== null) return ModelSpec.of(model as ModelShape);
  return ModelSpec.fromName(model as string);
}

/** Returns a machine by `cloud/name`, or by its name if only one cloud has it. */
export function machineOf(text: unknown): Machine {
  if (typeof text !== 'string')
    throw new UsageError(`machine must be a name such as aws/p5.48xlarge (got ${JSON.stringify(text)})`);
  const [cloud, name] = text.split('/', 2);
  if (name !== undefined) return machineNamed(cloud as Cloud, name);
  const found = allMachines().filter((machine) => machine.name === text);
  if (found.length === 1) return found[0]!;
  const close = nearest(
    text,
    allMachines().map((machine) => machine.name),
  );
  const hint = close.length > 0 ? `; did you mean ${close.join(', ')}?` : `; add its cloud: ${CLOUDS.join(', ')}`;
  throw new UsageError(`machine: no cloud has a machine '${text}'${hint}`);
}
