import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { assertProps, validateProps, required, STRING } from '../../core/prop-schema';
import { physicalName } from '../../terraform/names';
import { isKnown } from '../../terraform/tokens';
import { checkProviders } from '../../terraform/provider-checks';
import { checkResourceGroup, type IResourceGroup } from '../props/resource-group';
import { checkResourceId } from '../props/resource-id';
import { LogAnalyticsWorkspace, MonitorDiagnosticSetting } from '../provider/azurerm';
import { LOG_WORKSPACE_PROPS } from '../prop-schemas';

/** A Log Analytics workspace. */
export interface ILogWorkspace {
  /** Resource id. */
  readonly id: string;
}

/** Properties for `LogWorkspace`. */
export interface LogWorkspaceProps {
  /** Resource group of the workspace. */
  readonly resourceGroup: IResourceGroup;
  /** Days that logs are kept, 30 to 730. @default 365 */
  readonly logRetentionDays?: number;
}

/** Source: azurerm 4.55, `retention_in_days`. @see https://learn.microsoft.com/en-us/azure/azure-monitor/logs/data-retention-configure */
const RETENTION = { min: 30, max: 730 } as const;

/**
 * A Log Analytics workspace for logs and metrics of services.
 *
 * @example
 * ```ts
 * import { App, TerraformStack } from 'cdktf';
 * import { LogWorkspace, ResourceGroup } from 'ai-infra-constructs/azure';
 *
 * const stack = new TerraformStack(new App(), 'ml');
 * const resourceGroup = new ResourceGroup(stack, 'Group', { location: 'swedencentral' });
 * new LogWorkspace(stack, 'Logs', { resourceGroup, logRetentionDays: 90 });
 * ```
 */
export class LogWorkspace extends Construct implements ILogWorkspace {
  /** Imports an existing workspace by its resource id. Creates no resources. */
  static fromLogWorkspaceId(scope: Construct, id: string, logWorkspaceId: string): ILogWorkspace {
    return new ImportedLogWorkspace(scope, id, logWorkspaceId);
  }

  /** The workspace. */
  public readonly resource: LogAnalyticsWorkspace;

  constructor(scope: Construct, id: string, props: LogWorkspaceProps) {
    super(scope, id);
    checkProviders(this);
    const problems = new ProblemCollector();
    if (validateProps(problems, props, LOG_WORKSPACE_PROPS)) {
      checkResourceGroup(problems, 'resourceGroup', props.resourceGroup);
      checkRetention(problems, 'logRetentionDays', props.logRetentionDays);
    }
    problems.throwIfAny(this);
    const { resourceGroup, logRetentionDays = 365 } = props;
    this.resource = new LogAnalyticsWorkspace(this, 'Resource', {
      name: physicalName(this),
      resourceGroupName: resourceGroup.name,
      location: resourceGroup.location,
      sku: 'PerGB2018',
      retentionInDays: logRetentionDays,
    });
  }

  /** Resource id. */
  get id(): string {
    return this.resource.id;
  }
}

class ImportedLogWorkspace extends Construct implements ILogWorkspace {
  public readonly id: string;

  constructor(scope: Construct, id: string, logWorkspaceId: string) {
    super(scope, id);
    checkProviders(this);
    assertProps({ logWorkspaceId }, { logWorkspaceId: required(STRING) }, { scope: this });
    const problems = new ProblemCollector();
    checkResourceId(problems, 'logWorkspaceId', logWorkspaceId, 'Microsoft.OperationalInsights/workspaces');
    problems.throwIfAny(this);
    this.id = logWorkspaceId;
  }
}

/** Adds a problem if Log Analytics does not support the retention. */
export function checkRetention(problems: ProblemCollector, prop: string, days: number | undefined): void {
  const { min, max } = RETENTION;
  if (!isKnown(problems, prop, days) || (Number.isInteger(days) && days >= min && days <= max)) return;
  problems.add({
    code: 'LogRetention',
    prop,
    allowed: `a whole number of days from ${min} to ${max}`,
    got: days,
    fix: 'Export logs to a bucket to keep them longer.',
  });
}

/** Sends all metrics and the given log categories of a resource to a workspace. */
export function sendLogs(
  scope: Construct,
  id: string,
  { id: logAnalyticsWorkspaceId }: ILogWorkspace,
  targetResourceId: string,
  categories: readonly string[],
): MonitorDiagnosticSetting {
  return new MonitorDiagnosticSetting(scope, id, {
    name: 'logs',
    targetResourceId,
    logAnalyticsWorkspaceId,
    logAnalyticsDestinationType: 'Dedicated',
    enabledLog: categories.map((category) => ({ category })),
    enabledMetric: [{ category: 'AllMetrics' }],
    // Some services do not return this setting, and azurerm would set it again with each apply (hashicorp/terraform-provider-azurerm#22406).
    lifecycle: { ignoreChanges: ['log_analytics_destination_type'] },
  });
}
