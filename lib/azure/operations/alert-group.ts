import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { assertProps, validateProps, required, STRING } from '../../core/prop-schema';
import { physicalName } from '../../terraform/names';
import { checkResourceGroup, type IResourceGroup } from '../props/resource-group';
import { checkResourceId } from '../props/resource-id';
import { MonitorActionGroup } from '../provider/azurerm';
import { checkAlertEmails } from '../../terraform/alert-emails';
import { checkProviders } from '../../terraform/provider-checks';
import { ALERT_GROUP_PROPS } from '../prop-schemas';

/** An action group of Azure Monitor. */
export interface IAlertGroup {
  /** Resource id of the action group. */
  readonly id: string;
}

/** Properties for `AlertGroup`. */
export interface AlertGroupProps {
  /** Resource group of the action group. */
  readonly resourceGroup: IResourceGroup;
  /** Email addresses that receive alerts. */
  readonly alertEmails: readonly string[];
}

/** Prefix of text messages. @see https://learn.microsoft.com/en-us/azure/azure-monitor/alerts/action-groups */
const SHORT_NAME = 'ai-infra';

/**
 * An action group of Azure Monitor: receivers of alerts.
 *
 * @example
 * ```ts
 * import { App, TerraformStack } from 'cdktf';
 * import { AlertGroup, ResourceGroup } from 'ai-infra-constructs/azure';
 *
 * const stack = new TerraformStack(new App(), 'ml');
 * const resourceGroup = new ResourceGroup(stack, 'Group', { location: 'swedencentral' });
 * new AlertGroup(stack, 'Alerts', { resourceGroup, alertEmails: ['ml-platform@example.com'] });
 * ```
 */
export class AlertGroup extends Construct implements IAlertGroup {
  /** Imports an existing action group by its resource id. Creates no resources. */
  static fromAlertGroupId(scope: Construct, id: string, alertGroupId: string): IAlertGroup {
    return new ImportedAlertGroup(scope, id, alertGroupId);
  }

  /** The action group. */
  public readonly resource: MonitorActionGroup;

  constructor(scope: Construct, id: string, props: AlertGroupProps) {
    super(scope, id);
    checkProviders(this);
    const problems = new ProblemCollector();
    if (validateProps(problems, props, ALERT_GROUP_PROPS)) {
      checkResourceGroup(problems, 'resourceGroup', props.resourceGroup);
      checkAlertEmails(problems, 'alertEmails', props.alertEmails);
    }
    problems.throwIfAny(this);
    this.resource = new MonitorActionGroup(this, 'Resource', {
      name: physicalName(this),
      resourceGroupName: props.resourceGroup.name,
      shortName: SHORT_NAME,
      emailReceiver: props.alertEmails.map((emailAddress, index) => ({
        name: `mail-${index}`,
        emailAddress,
        useCommonAlertSchema: true,
      })),
    });
  }

  /** Resource id of the action group. */
  get id(): string {
    return this.resource.id;
  }
}

class ImportedAlertGroup extends Construct implements IAlertGroup {
  public readonly id: string;

  constructor(scope: Construct, id: string, alertGroupId: string) {
    super(scope, id);
    checkProviders(this);
    assertProps({ alertGroupId }, { alertGroupId: required(STRING) }, { scope: this });
    const problems = new ProblemCollector();
    checkAlertGroup(problems, 'alertGroupId', { id: alertGroupId });
    problems.throwIfAny(this);
    this.id = alertGroupId;
  }
}

/** Adds a problem if the id of an action group is malformed. */
export function checkAlertGroup(problems: ProblemCollector, prop: string, { id }: IAlertGroup): void {
  checkResourceId(problems, prop, id, 'Microsoft.Insights/actionGroups');
}
