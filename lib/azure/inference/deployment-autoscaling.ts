import { Construct } from 'constructs';
import type { ReplicaLimits } from '../../core/planning/serving/endpoint-load';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import type { IResourceGroup } from '../props/resource-group';
import { MonitorAutoscaleSetting } from '../provider/azurerm';
import { type EndpointScaling, TARGET_PERCENT } from './endpoint-options';

/** Properties for `DeploymentAutoscaling`. */
export interface DeploymentAutoscalingProps {
  /** Resource id of the deployment. */
  readonly deploymentId: string;
  /** Resource group of the workspace. */
  readonly resourceGroup: IResourceGroup;
  /** Resolved range of instances. */
  readonly limits: ReplicaLimits;
  /** Target and cooldown times. */
  readonly scaling: EndpointScaling;
}

/** The removal of one instance must not push the others above the target. The examples of Azure ML use three sevenths: 30 and 70. */
const LOW_SHARE = 3 / 7;

/**
 * Scales the instances of a deployment by GPU utilization.
 *
 * @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-autoscale-endpoints
 */
export class DeploymentAutoscaling extends Construct {
  /** The autoscale setting itself. */
  public readonly resource: MonitorAutoscaleSetting;

  /** @internal */
  constructor(
    scope: Construct,
    id: string,
    { deploymentId, resourceGroup, limits, scaling }: DeploymentAutoscalingProps,
  ) {
    super(scope, id);
    checkProviders(this);
    const { targetUtilizationPercent: target = TARGET_PERCENT } = scaling;
    const { scaleOutCooldownMinutes = 5, scaleInCooldownMinutes = 10 } = scaling;
    this.resource = new MonitorAutoscaleSetting(this, 'Resource', {
      name: physicalName(this),
      resourceGroupName: resourceGroup.name,
      location: resourceGroup.location,
      targetResourceId: deploymentId,
      profile: [
        {
          name: 'use',
          capacity: { default: limits.minReplicas, minimum: limits.minReplicas, maximum: limits.maxReplicas },
          rule: [
            rule(deploymentId, {
              direction: 'Increase',
              operator: 'GreaterThan',
              threshold: target,
              minutes: scaleOutCooldownMinutes,
            }),
            rule(deploymentId, {
              direction: 'Decrease',
              operator: 'LessThan',
              threshold: Math.floor(target * LOW_SHARE),
              minutes: scaleInCooldownMinutes,
            }),
          ],
        },
      ],
    });
  }
}

interface Rule {
  readonly direction: 'Increase' | 'Decrease';
  readonly operator: 'GreaterThan' | 'LessThan';
  readonly threshold: number;
  /** Cooldown until the next change in this direction. */
  readonly minutes: number;
}

function rule(deploymentId: string, { direction, operator, threshold, minutes }: Rule) {
  return {
    metricTrigger: {
      metricName: 'GpuUtilizationPercentage',
      metricResourceId: deploymentId,
      operator,
      threshold,
      statistic: 'Average',
      timeAggregation: 'Average',
      timeGrain: 'PT1M',
      timeWindow: 'PT5M',
    },
    scaleAction: { direction, type: 'ChangeCount', value: 1, cooldown: `PT${minutes}M` },
  };
}
