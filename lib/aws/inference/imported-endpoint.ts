import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { assertProps, required, validateProps } from '../../core/prop-schema';
import { GRANTABLE } from '../props/prop-types';
import { type IInferenceComponent, InferenceEndpointBase, type MetricSubject } from './endpoint-base';
import { invokeActions } from './endpoint-role';
import { arnOf } from './endpoint-options';
import { byModel, type PerModel } from './per-model';
import { INFERENCE_ENDPOINT_ATTRIBUTES } from '../prop-schemas';

/** Attributes of an existing endpoint in the account and region of the stack. */
export interface InferenceEndpointAttributes {
  /** Name of the endpoint. */
  readonly endpointName: string;
  /** Names of the inference components to invoke and to monitor. Each is also the name of a model. @default - no inference components */
  readonly inferenceComponentNames?: readonly string[];
  /** Names of the production variants to monitor. Each is also the name of a model. @default - no metrics by variant */
  readonly variantNames?: readonly string[];
  /** Whether the endpoint writes its answers to a bucket. @default false */
  readonly isAsynchronous?: boolean;
}

/** An endpoint that another stack or tool manages. */
export class ImportedEndpoint extends InferenceEndpointBase {
  public readonly endpointName: string;
  public readonly endpointArn: string;
  public readonly isAsynchronous: boolean;
  public readonly components: PerModel<IInferenceComponent>;
  public readonly plan = undefined;
  protected readonly subjects: PerModel<MetricSubject>;

  constructor(scope: Construct, id: string, attributes: InferenceEndpointAttributes) {
    super(scope, id);
    checkAttributes(this, attributes);
    const { endpointName, inferenceComponentNames = [], variantNames = [], isAsynchronous = false } = attributes;
    this.endpointName = endpointName;
    this.endpointArn = arnOf(this, 'endpoint', endpointName);
    this.isAsynchronous = isAsynchronous;
    this.components = byModel(named(inferenceComponentNames), ({ name }) => ({ componentName: name }));
    const kind = inferenceComponentNames.length > 0 ? 'components' : 'variants';
    this.subjects = byModel(named([...inferenceComponentNames, ...variantNames]), ({ name }) => ({
      kind,
      endpointName,
      name,
    }));
  }

  /** Allows a principal to invoke the endpoint. Does not grant access to the buckets of an asynchronous endpoint. */
  grantInvoke(grantee: IGrantable): Grant {
    assertProps({ grantee }, { grantee: required(GRANTABLE) }, { scope: this });
    const components = Object.values(this.components);
    return Grant.addToPrincipal({
      grantee,
      actions: invokeActions(this.isAsynchronous),
      resourceArns: [
        this.endpointArn,
        ...components.map(({ componentName }) => arnOf(this, 'inference-component', componentName)),
      ],
    });
  }
}

function named(names: readonly string[]) {
  return names.map((name) => ({ name }));
}

function checkAttributes(scope: Construct, attributes: InferenceEndpointAttributes): void {
  const problems = new ProblemCollector();
  if (validateProps(problems, attributes, INFERENCE_ENDPOINT_ATTRIBUTES, 'attributes')) {
    const { inferenceComponentNames = [], variantNames = [] } = attributes;
    if (inferenceComponentNames.length > 0 && variantNames.length > 0) {
      problems.add({
        code: 'EndpointOption',
        prop: 'variantNames',
        allowed: 'left out if `inferenceComponentNames` is set',
        got: variantNames,
        fix: 'Pass the names of the inference components only: SageMaker publishes their metrics by component.',
      });
    }
  }
  problems.throwIfAny(scope);
}
