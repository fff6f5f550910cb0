import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { CfnEndpoint, CfnInferenceComponent } from 'aws-cdk-lib/aws-sagemaker';
import { type InferenceEndpointProps, kindOf } from './endpoint-options';
import { EndpointUpdate } from './endpoint-update';
import type { ResolvedModel } from './resolved-endpoint';

/** The update of the props, or the default for the number of copies or instances. A rolling batch is at most half of them. */
export function updateOf(
  props: InferenceEndpointProps,
  { limits }: Pick<ResolvedModel, 'limits'>,
): EndpointUpdate | undefined {
  const kind = kindOf(props).name;
  if (kind === 'serverless') return undefined;
  const several = limits.minReplicas >= 2;
  if (props.update) return props.update;
  if (kind === 'components') return several ? EndpointUpdate.rolling() : undefined;
  const onlyVariant = Object.keys(props.models).length === 1;
  return several && onlyVariant ? EndpointUpdate.rolling() : EndpointUpdate.allAtOnce();
}

/** Deployment configuration of an endpoint. */
export function deploymentConfig(
  update: EndpointUpdate,
  alarms: readonly IAlarm[],
): CfnEndpoint.DeploymentConfigProperty {
  const waitIntervalInSeconds = update.watch.toSeconds();
  const size = { type: 'CAPACITY_PERCENT', value: update.percent };
  const autoRollbackConfiguration = rollback(alarms);
  if (update.strategy === 'rolling') {
    return { autoRollbackConfiguration, rollingUpdatePolicy: { maximumBatchSize: size, waitIntervalInSeconds } };
  }
  const steps = {
    canary: { type: 'CANARY', canarySize: size, waitIntervalInSeconds },
    linear: { type: 'LINEAR', linearStepSize: size, waitIntervalInSeconds },
    'all-at-once': { type: 'ALL_AT_ONCE', waitIntervalInSeconds },
  }[update.strategy];
  return {
    autoRollbackConfiguration,
    blueGreenUpdatePolicy: {
      trafficRoutingConfiguration: steps,
      // The old fleet keeps running while alarms watch the new one.
      terminationWaitInSeconds: waitIntervalInSeconds,
    },
  };
}

/** Deployment configuration of an inference component. */
export function componentDeploymentConfig(
  update: EndpointUpdate,
  alarms: readonly IAlarm[],
): CfnInferenceComponent.InferenceComponentDeploymentConfigProperty {
  return {
    autoRollbackConfiguration: rollback(alarms),
    rollingUpdatePolicy: {
      maximumBatchSize: { type: 'CAPACITY_PERCENT', value: update.percent },
      waitIntervalInSeconds: update.watch.toSeconds(),
    },
  };
}

function rollback(alarms: readonly IAlarm[]) {
  return { alarms: alarms.map(({ alarmName }) => ({ alarmName })) };
}
