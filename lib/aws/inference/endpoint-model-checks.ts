import type { Construct } from 'constructs';
import { SAGEMAKER_HOSTING } from '../../core/catalog/sagemaker-hosting';
import type { ProblemCollector } from '../../core/errors';
import { isKnown } from '../props/tokens';
import { type InferenceEndpointProps, kindOf } from './endpoint-options';
import type { ServedModel } from './served-model';

const MAX_MODEL_CHARACTERS = 20;
/** Maximum length of an endpoint name: joined with the name of a model, it is the name of an inference component. */
export const MAX_ENDPOINT_CHARACTERS = SAGEMAKER_HOSTING.maxNameCharacters - '-'.length - MAX_MODEL_CHARACTERS;

// SageMaker writes ARNs in lower case, so a policy on a name with capitals would not match.
const NAME = /^[a-z0-9](-?[a-z0-9])*$/;

/** Adds what SageMaker rejects in the name of an endpoint. */
export function checkEndpointName(problems: ProblemCollector, name: string | undefined): void {
  if (!isKnown(problems, 'endpointName', name)) return;
  checkName(problems, 'endpointName', name, MAX_ENDPOINT_CHARACTERS);
}

function checkName(problems: ProblemCollector, prop: string, name: string, max: number): void {
  if (NAME.test(name) && name.length <= max) return;
  problems.add({
    code: 'InferenceName',
    prop,
    allowed: `a name of 1 to ${max} lower-case letters and digits, with single - between them`,
    got: name,
    fix: 'Shorten it, or replace the other characters.',
  });
}

/** Adds what is wrong with the models of an endpoint. */
export function checkModels(problems: ProblemCollector, props: InferenceEndpointProps, scope: Construct): void {
  const kind = kindOf(props);
  const { models, machine } = props;
  const entries = Object.entries(models);
  if (entries.length === 0 || entries.length > kind.maxModels) {
    problems.add({
      code: 'ServedModels',
      prop: 'models',
      allowed: `1 to ${kind.maxModels} models on an endpoint of kind ${kind.name}`,
      got: entries.length,
      fix: 'Use EndpointKind.components() for several models, or create several endpoints.',
    });
  }
  for (const [name, model] of entries) {
    const of = problems.within(`models.${name}`);
    checkName(problems, `models.${name}`, name, MAX_MODEL_CHARACTERS);
    model.artifact.check(of);
    model.container.image.check(of, scope);
    model.container.check(of, machine, { accelerators: model.accelerators ?? machine?.spec.accelerators });
    checkOptions(of, model, props);
  }
}

/** Options that only one kind supports. */
const ONLY = { memory: 'components', weight: 'variants' } as const;

/** Options that SageMaker supports only with instances. */
const TIMEOUTS = ['downloadTimeout', 'startupTimeout'] as const;

function checkOptions(problems: ProblemCollector, model: ServedModel, props: InferenceEndpointProps): void {
  const kind = kindOf(props).name;
  const unsupported = (prop: keyof ServedModel, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'EndpointOption', prop, allowed, got, fix });
  for (const [prop, only] of Object.entries(ONLY) as ['memory' | 'weight', string][]) {
    if (model[prop] === undefined || kind === only) continue;
    unsupported(prop, `left out for an endpoint of kind ${kind}`, String(model[prop]), `Use EndpointKind.${only}().`);
  }
  const { weight, accelerators, artifact } = model;
  if (kind === 'variants' && isKnown(problems, 'weight', weight) && !(weight >= 0 && Number.isFinite(weight))) {
    unsupported('weight', '0 or more', weight, 'Set 1 for every model to split requests equally.');
  }
  const { spec } = props.machine ?? {};
  if (kind !== 'components' && accelerators !== undefined && accelerators !== spec?.accelerators) {
    unsupported(
      'accelerators',
      'left out, because each container has a whole instance',
      accelerators,
      'Use EndpointKind.components().',
    );
  }
  for (const prop of TIMEOUTS) {
    if (kind !== 'serverless' || model[prop] === undefined) continue;
    unsupported(
      prop,
      'left out for a serverless endpoint',
      model[prop].toString(),
      'SageMaker sets the timeouts itself.',
    );
  }
  // Serverless endpoints reject ModelDataSource: API reference, ContainerDefinition.
  if (kind === 'serverless' && artifact.kind === 'files') {
    unsupported('artifact', 'an archive for a serverless endpoint', 'files', 'Use ModelArtifact.archive(…).');
  }
}
