import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { assertProps } from '../../core/prop-schema';
import { existingDependencies } from '../../terraform/existing-dependencies';
import { record } from '../../terraform/findings';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import type { IAckCluster } from '../cluster/cluster-source';
import { GPU_ALARMS_PROPS } from '../prop-schemas';
import { ArmsPrometheusAlertRule } from '../provider/alicloud';

/** Properties for `GpuAlarms`. */
export interface GpuAlarmsProps {
  /** Cluster with the add-on `arms-prometheus`, which a new `ControlPlane` has. */
  readonly cluster: IAckCluster;
  /** Resources that must exist first: nodes that run the add-on. @default - only the cluster */
  readonly after?: readonly ITerraformDependable[];
}

/** An alert: an expression that is true for some minutes. */
interface Rule {
  readonly expression: string;
  readonly minutes: number;
  readonly message: string;
}

/**
 * Alerts about GPUs and their nodes. The labels of nodes differ between exporters, so the first five use none.
 *
 * @see https://www.alibabacloud.com/help/en/doc-detail/456446.html
 * @see https://docs.nvidia.com/datacenter/dcgm/latest/dcgm-api/dcgm-api-field-ids.html
 */
const RULES: Readonly<Record<string, Rule>> = {
  xid: {
    expression: 'increase(DCGM_CUSTOM_XID_ERRORS_TOTAL_COUNTER[5m]) > 0',
    minutes: 1,
    message: 'A GPU reports an XID error',
  },
  ecc: { expression: 'DCGM_FI_DEV_ECC_DBE_VOL_TOTAL > 0', minutes: 1, message: 'A GPU has double-bit errors' },
  remap: { expression: 'DCGM_FI_DEV_ROW_REMAP_FAILURE > 0', minutes: 1, message: 'A GPU cannot remap a memory row' },
  hot: { expression: 'DCGM_FI_DEV_GPU_TEMP > 85', minutes: 5, message: 'A GPU is hotter than 85 degrees' },
  fenced: {
    expression:
      'kube_node_status_capacity{resource="nvidia_com_gpu"} - kube_node_status_allocatable{resource="nvidia_com_gpu"} > 0',
    minutes: 5,
    message: 'ACK removed a faulty GPU from its node, so jobs on whole nodes wait',
  },
  notready: {
    expression: 'kube_node_status_condition{condition="Ready",status="true"} == 0',
    minutes: 5,
    message: 'A node is not ready',
  },
};

/**
 * Alerts of Managed Service for Prometheus about faulty GPUs and nodes. The alert manager of the account shows them, and its notification policies send
 * them.
 *
 * @example
 * ```ts
 * import { ControlPlane, GpuAlarms, SystemNodePool } from 'ai-infra-constructs/alicloud';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const cluster = new ControlPlane(stack, 'ControlPlane', { zones: ['cn-hangzhou-i'] });
 * const nodes = new SystemNodePool(stack, 'System', { cluster });
 * new GpuAlarms(stack, 'Alarms', { cluster, after: [nodes.resource] });
 * ```
 */
export class GpuAlarms extends Construct {
  /** Alerts by name: `xid`, `ecc`, `remap`, `hot`, `fenced`, and `notready`. */
  public readonly rules: Readonly<Record<string, ArmsPrometheusAlertRule>>;

  constructor(scope: Construct, id: string, props: GpuAlarmsProps) {
    super(scope, id);
    checkProviders(this);
    assertProps(props, GPU_ALARMS_PROPS, { scope: this });
    const { cluster, after = [] } = props;
    const dependsOn = after.length > 0 ? existingDependencies(this, after) : undefined;
    this.rules = Object.fromEntries(
      Object.entries(RULES).map(([name, { expression, minutes, message }]) => [
        name,
        new ArmsPrometheusAlertRule(this, name, {
          clusterId: cluster.id,
          // Names are unique in a cluster.
          prometheusAlertRuleName: `${physicalName(this, LONGEST_PREFIX)}-${name}`,
          expression,
          duration: `${minutes}`,
          message,
          notifyType: 'ALERT_MANAGER',
          dependsOn,
        }),
      ]),
    );
    record(this, {
      id: 'alerts/no-subscriber',
      level: 'warning',
      message: 'No notification policy is part of the stack, so only the console shows the alerts.',
      fix: 'Create a notification policy in the alert manager of the account, and acknowledge this finding.',
      evidence: 'https://www.alibabacloud.com/help/en/arms/alarm-operation-center/notification-policy-best-practices',
    });
  }
}

const LONGEST_PREFIX = 48;
