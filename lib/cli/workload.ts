import { nearest } from '../core/nearest';
import {
  LORA_PROPS,
  OPTIONS_PROPS,
  SERVING_LOAD_PROPS,
  SERVING_PLAN_PROPS,
  TRAINING_PLAN_PROPS,
} from '../core/prop-schemas';
import type { ModelShape } from '../core/workload/model-parameters';
import { ModelSpec } from '../core/workload/model-spec';
import { ServingLoad, type ServingLoadProps } from '../core/workload/serving-load';
import { type LoraProps, TrainingJob } from '../core/workload/training-job';
import { type DataFile, objectOf, readData } from './data-file';
import { UsageError } from './exit';

/** A workload and its machines, from a file or flags. The values are not checked yet: the planner does that. */
export interface WorkloadInput {
  readonly training?: Readonly<Record<string, unknown>>;
  readonly serving?: Readonly<Record<string, unknown>>;
  readonly on: Readonly<Record<string, unknown>>;
}

const keysOf = (...schemas: readonly object[]) => [...new Set(schemas.flatMap(Object.keys))];
/** Props of plans that a file does not set: the workload has its own part, and the others are for constructs. */
const NOT_IN_FILES = ['job', 'load', 'derate', 'finishWithin'];
const inFiles = (keys: readonly string[]) => keys.filter((key) => !NOT_IN_FILES.includes(key));

/** The allowed keys of each part of a file: the props of the planner, and those of the command line. */
export const KEYS = {
  training: ['kind', 'modelConfig', ...inFiles(keysOf(LORA_PROPS))],
  serving: ['modelConfig', ...inFiles(keysOf(SERVING_LOAD_PROPS))],
  on: [...inFiles(keysOf(TRAINING_PLAN_PROPS, SERVING_PLAN_PROPS, OPTIONS_PROPS)), 'asOf', 'priceFile'],
};

/** Reads a workload file: `training` or `serving`, and the machines. */
export function readWorkload(name: string): WorkloadInput {
  const file = readData(name);
  const { training, serving, ...on } = objectOf(file.value, name);
  checkKeys(file, on, [], ['training', 'serving', ...KEYS.on]);
  return {
    ...(training !== undefined && { training: part(file, training, 'training') }),
    ...(serving !== undefined && { serving: part(file, serving, 'serving') }),
    on,
  };
}

function part(file: DataFile, value: unknown, name: 'training' | 'serving'): Record<string, unknown> {
  const props = objectOf(value, `${file.at([name])}: ${name}`);
  checkKeys(file, props, [name], KEYS[name]);
  return props;
}

/** Rejects unknown keys, because a misspelled key would have no effect. */
function checkKeys(file: DataFile, value: object, path: readonly string[], allowed: readonly string[]): void {
  const unknown = Object.keys(value).filter((key) => !allowed.includes(key));
  if (unknown.length === 0) return;
  throw new UsageError(
    unknown
      .map((key) => {
        const close = nearest(key, allowed, 1);
        const hint = close.length > 0 ? `did you mean '${close.join('')}'?` : `allowed are ${allowed.join(', ')}`;
        return `${file.at([...path, key])}: unknown key '${key}'; ${hint}`;
      })
      .join('\n'),
  );
}

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
