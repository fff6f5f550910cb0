import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { fits } from '../../core/shapes';
import { physicalName } from '../../terraform/names';
import { isKnown } from '../../terraform/tokens';
import { checkEmails } from '../operations/alert-emails';
import { AzapiResource } from '../provider/azapi';
import { ML_READING, ML_TYPES } from './api';
import { monitorBody } from './model-monitor-body';
import { MODEL_MONITOR, type ModelMonitorProps } from './model-monitor-props';
import { checkIdentity } from './work-identity';

/**
 * Looks each day, or each week, whether what a model is given, and what it gives, is still what it was, and whether values are missing. It tells
 * by mail.
 *
 * @see https://learn.microsoft.com/en-us/azure/machine-learning/concept-model-monitoring
 */
export class ModelMonitor extends Construct {
  public readonly resource: AzapiResource;
  /** Name of the model that it watches. */
  public readonly model: string;

  constructor(scope: Construct, id: string, props: ModelMonitorProps) {
    super(scope, id);
    const problems = new Problems();
    if (fits(problems, props, MODEL_MONITOR)) checkMonitor(problems, props);
    problems.throwIfAny(this);
    const { endpoint, identity = endpoint.workspace.identity } = props;
    this.model = props.model ?? endpoint.monitorable[0]!;
    const name = physicalName(this);
    this.resource = new AzapiResource(this, 'Resource', {
      type: ML_TYPES.schedule,
      ...ML_READING,
      name,
      parentId: endpoint.workspace.id,
      body: monitorBody(props, { name, model: this.model, identity: identity! }),
      dependsOn: [...(endpoint.ready ?? [])],
    });
  }
}

/** Adds everything that contradicts itself in a monitor whose props have the right kinds. */
export function checkMonitor(problems: Problems, props: ModelMonitorProps): void {
  const { endpoint, model, emails, hour, driftThreshold, identity } = props;
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'MonitorInvalid', prop, allowed, got, fix });
  checkModel(problems, endpoint.monitorable, model);
  if (emails.length === 0) wrong('emails', 'one mail address or more', emails, 'Name who acts on it.');
  checkEmails(problems, 'emails', emails);
  if (isKnown(problems, 'hour', hour) && !(Number.isInteger(hour) && hour >= 0 && hour <= 23)) {
    wrong('hour', 'a whole number from 0 to 23', hour, 'Name an hour of UTC.');
  }
  if (isKnown(problems, 'driftThreshold', driftThreshold) && !(driftThreshold > 0 && driftThreshold <= 1)) {
    wrong('driftThreshold', 'more than 0 and at most 1', driftThreshold, 'Leave it out, or take e.g. 0.2.');
  }
  checkIdentity(problems, 'identity', identity);
  if (identity || endpoint.workspace.identity) return;
  problems.add({
    code: 'ValueMissing',
    prop: 'identity',
    allowed: 'given where it is not known what the workspace acts as',
    got: undefined,
    fix: 'Give an identity that is assigned to the workspace, and may write blobs of its storage.',
  });
}

function checkModel(problems: Problems, monitorable: readonly string[], model: string | undefined): void {
  if (model === undefined ? monitorable.length > 0 : monitorable.includes(model)) return;
  problems.add({
    code: 'MonitorInvalid',
    prop: model === undefined ? 'endpoint' : 'model',
    allowed:
      monitorable.length > 0
        ? `one of ${monitorable.join(', ')}`
        : 'an endpoint with dataCapture, and a model that Azure ML serves itself: it keeps inputs and outputs by their names',
    got: model ?? monitorable,
    fix: 'Give the endpoint dataCapture: {}, and ServingContainer.mlflow() or ServingContainer.registered.',
  });
}
