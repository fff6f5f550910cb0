import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { fits, having, type Kind, NUMBER, required, type Shape } from '../../core/shapes';
import { physicalName } from '../../terraform/names';
import { isKnown } from '../../terraform/tokens';
import { checkResourceGroup, type IResourceGroup, RESOURCE_GROUP } from '../props/resource-group';
import { LogAnalyticsWorkspace, MonitorDiagnosticSetting } from '../provider/azurerm';

/** A Log Analytics workspace, made here or elsewhere. */
export interface ILogWorkspace {
  /** Resource id. */
  readonly id: string;
}

/** Properties for `LogWorkspace`. */
export interface LogWorkspaceProps {
  readonly resourceGroup: IResourceGroup;
  /** Days that logs stay: 30 to 730. @default 365 */
  readonly retentionDays?: number;
}

const SHAPE: Shape<LogWorkspaceProps> = { resourceGroup: required(RESOURCE_GROUP), retentionDays: NUMBER };

/** Source: azurerm 4.55, `retention_in_days`. @see https://learn.microsoft.com/en-us/azure/azure-monitor/logs/data-retention-configure */
const RETENTION = { least: 30, most: 730 } as const;

/** Where logs and metrics of services go: a Log Analytics workspace. */
export class LogWorkspace extends Construct implements ILogWorkspace {
  public readonly resource: LogAnalyticsWorkspace;

  constructor(scope: Construct, id: string, props: LogWorkspaceProps) {
    super(scope, id);
    const problems = new Problems();
    if (fits(problems, props, SHAPE)) {
      checkResourceGroup(problems, 'resourceGroup', props.resourceGroup);
      checkRetention(problems, 'retentionDays', props.retentionDays);
    }
    problems.throwIfAny(this);
    const { resourceGroup, retentionDays = 365 } = props;
    this.resource = new LogAnalyticsWorkspace(this, 'Resource', {
      name: physicalName(this),
      resourceGroupName: resourceGroup.name,
      location: resourceGroup.location,
      sku: 'PerGB2018',
      retentionInDays: retentionDays,
    });
  }

  get id(): string {
    return this.resource.id;
  }
}

/** A workspace, of whichever copy of the package. */
export const LOG_WORKSPACE: Kind = having(
  'a Log Analytics workspace',
  ['id'],
  'Use new LogWorkspace(scope, id, { resourceGroup }), or { id } of one that stands.',
);

/** Adds a problem where logs would stay for a time that Log Analytics does not offer. */
export function checkRetention(problems: Problems, prop: string, days: number | undefined): void {
  const { least, most } = RETENTION;
  if (!isKnown(problems, prop, days) || (Number.isInteger(days) && days >= least && days <= most)) return;
  problems.add({
    code: 'LogRetention',
    prop,
    allowed: `a whole number of days from ${least} to ${most}`,
    got: days,
    fix: 'Export what must stay longer to a bucket.',
  });
}

/** Sends logs of some categories, and all metrics, of a service to a workspace. */
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
    // Some services forget that they were told, and azurerm would tell them again with each apply (hashicorp/terraform-provider-azurerm#22406).
    lifecycle: { ignoreChanges: ['log_analytics_destination_type'] },
  });
}
