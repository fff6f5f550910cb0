import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { fits, listOf, required, type Shape, TEXT } from '../../core/shapes';
import { physicalName } from '../../terraform/names';
import { checkResourceGroup, type IResourceGroup, RESOURCE_GROUP } from '../props/resource-group';
import { MonitorActionGroup } from '../provider/azurerm';
import { checkEmails } from './alert-emails';

/** What alerts speak to. */
export interface IAlertGroup {
  /** Resource id of the action group. */
  readonly id: string;
}

/** Properties for `AlertGroup`. */
export interface AlertGroupProps {
  readonly resourceGroup: IResourceGroup;
  /** Mail addresses that are told. */
  readonly emails: readonly string[];
}

const SHAPE: Shape<AlertGroupProps> = { resourceGroup: required(RESOURCE_GROUP), emails: required(listOf(TEXT)) };

/** Shown before each text message. @see https://learn.microsoft.com/en-us/azure/azure-monitor/alerts/action-groups */
const SHORT_NAME = 'ai-infra';

/** Who is told when something is wrong: an action group of Azure Monitor. */
export class AlertGroup extends Construct implements IAlertGroup {
  public readonly resource: MonitorActionGroup;

  constructor(scope: Construct, id: string, props: AlertGroupProps) {
    super(scope, id);
    const problems = new Problems();
    if (fits(problems, props, SHAPE)) {
      checkResourceGroup(problems, 'resourceGroup', props.resourceGroup);
      checkEmails(problems, 'emails', props.emails);
    }
    problems.throwIfAny(this);
    this.resource = new MonitorActionGroup(this, 'Resource', {
      name: physicalName(this),
      resourceGroupName: props.resourceGroup.name,
      shortName: SHORT_NAME,
      emailReceiver: props.emails.map((emailAddress, index) => ({
        name: `mail-${index}`,
        emailAddress,
        useCommonAlertSchema: true,
      })),
    });
  }

  get id(): string {
    return this.resource.id;
  }
}
