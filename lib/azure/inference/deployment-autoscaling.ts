import { Construct } from 'constructs';
import type { ReplicaLimits } from '../../core/planning/endpoint-load';
import { physicalName } from '../../terraform/names';
import type { IResourceGroup } from '../props/resource-group';
import { MonitorAutoscaleSetting } from '../provider/azurerm';
import { type EndpointScaling, TARGET_PERCENT } from './endpoint-scaling';

/** Properties for `DeploymentAutoscaling`. */
export interface DeploymentAutoscalingProps {
  readonly deploymentId: string;
  readonly resourceGroup: IResourceGroup;
  readonly limits: ReplicaLimits;
  readonly scaling: EndpointScaling;
}

/** One instance less must not bring the others above the target: three sevenths is what the examples of Azure ML have, 30 to 70. */
const LOW_SHARE = 3 / 7;

/**
 * Instances of a deployment follow the use of their accelerators.
 *
 * @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-autoscale-endpoints
 */
export class DeploymentAutoscaling extends Construct {
  public readonly resource: MonitorAutoscaleSetting;

  constructor(
    scope: Construct,
    id: string,
    { deploymentId, resourceGroup, limits, scaling }: DeploymentAutoscalingProps,
  ) {
    super(scope, id);
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
          capacity: { default: limits.minimum, minimum: limits.minimum, maximum: limits.maximum },
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
  /** Until the next change in this direction. */
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
