import type { Construct } from 'constructs';
import { SAGEMAKER_HOSTING } from '../../core/catalog/sagemaker-hosting';
import type { Problems } from '../../core/errors';
import { isKnown } from '../props/tokens';
import { type InferenceEndpointProps, kindOf } from './endpoint-options';
import type { ServedModel } from './served-model';

const MOST_MODEL_CHARACTERS = 20;
/** Characters of the name of an endpoint: joined with that of a model, it names a component. */
export const MOST_ENDPOINT_CHARACTERS = SAGEMAKER_HOSTING.mostNameCharacters - '-'.length - MOST_MODEL_CHARACTERS;

// ARNs of SageMaker are in lower case whatever the name is, so a policy on another would match nothing.
const NAME = /^[a-z0-9](-?[a-z0-9])*$/;

/** Adds what SageMaker refuses of the name of an endpoint. */
export function checkEndpointName(problems: Problems, name: string | undefined): void {
  if (!isKnown(problems, 'endpointName', name)) return;
  checkName(problems, 'endpointName', name, MOST_ENDPOINT_CHARACTERS);
}

function checkName(problems: Problems, prop: string, name: string, most: number): void {
  if (NAME.test(name) && name.length <= most) return;
  problems.add({
    code: 'InferenceName',
    prop,
    allowed: `1 to ${most} lower-case letters and digits, with single - between them`,
    got: name,
    fix: 'Shorten it, or write it so.',
  });
}

/** Adds what is wrong with the models of an endpoint, each by itself and together. */
export function checkModels(problems: Problems, props: InferenceEndpointProps, scope: Construct): void {
  const kind = kindOf(props);
  const { models, machine } = props;
  const entries = Object.entries(models);
  if (entries.length === 0 || entries.length > kind.mostModels) {
    problems.add({
      code: 'ServedModels',
      prop: 'models',
      allowed: `1 to ${kind.mostModels} models on an endpoint of the kind ${kind.name}`,
      got: entries.length,
      fix: 'Serve several models as components, or on endpoints of their own.',
    });
  }
  for (const [name, model] of entries) {
    const of = problems.within(`models.${name}`);
    checkName(problems, `models.${name}`, name, MOST_MODEL_CHARACTERS);
    model.artifact.check(of);
    model.container.image.check(of, scope);
    model.container.check(of, machine, { accelerators: model.accelerators ?? machine?.spec.accelerators });
    checkOptions(of, model, props);
  }
}

/** Options that one kind alone takes. */
const ONLY = { memoryGiB: 'components', weight: 'variants' } as const;

/** Options that SageMaker has no field for where it has no instances. */
const TIMEOUTS = ['downloadTimeout', 'startupTimeout'] as const;

function checkOptions(problems: Problems, model: ServedModel, props: InferenceEndpointProps): void {
  const kind = kindOf(props).name;
  const refused = (prop: keyof ServedModel, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'EndpointOption', prop, allowed, got, fix });
  for (const [prop, only] of Object.entries(ONLY) as ['memoryGiB' | 'weight', string][]) {
    if (model[prop] === undefined || kind === only) continue;
    refused(prop, `left out for an endpoint of the kind ${kind}`, model[prop], `It is for EndpointKind.${only}().`);
  }
  const { weight, accelerators, artifact } = model;
  if (kind === 'variants' && isKnown(problems, 'weight', weight) && !(weight >= 0 && Number.isFinite(weight))) {
    refused('weight', '0 or more', weight, 'Give 1 to each for equal parts.');
  }
  const { spec } = props.machine ?? {};
  if (kind !== 'components' && accelerators !== undefined && accelerators !== spec?.accelerators) {
    refused(
      'accelerators',
      `left out: a container has all of its instance`,
      accelerators,
      'Use EndpointKind.components().',
    );
  }
  for (const prop of TIMEOUTS) {
    if (kind !== 'serverless' || model[prop] === undefined) continue;
    refused(prop, 'left out for a serverless endpoint', model[prop].toString(), 'SageMaker waits as long as it does.');
  }
  // ModelDataSource is refused for serverless endpoints: API reference, ContainerDefinition.
  if (kind === 'serverless' && artifact.kind === 'files') {
    refused('artifact', 'an archive for a serverless endpoint', 'files', 'Use ModelArtifact.archive(…).');
  }
}
