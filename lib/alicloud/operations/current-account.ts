import { Construct, type IConstruct } from 'constructs';
import { CONSTRUCT, assertProps, required } from '../../core/prop-schema';
import { onceForProvider } from '../../terraform/chosen-provider';
import { checkProviders } from '../../terraform/provider-checks';
import { DataAlicloudCallerIdentity, DataAlicloudRegions } from '../provider/alicloud';

const ID = 'AiInfraAlicloudAccount';
const REGIONS = 'Regions';

/**
 * The account and the region of the provider of a stack. Each stack looks them up once.
 *
 * @example
 * ```ts
 * import { CurrentAccount } from 'ai-infra-constructs/alicloud';
 * import { TerraformOutput, TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * new TerraformOutput(stack, 'AccountId', { value: CurrentAccount.of(stack).accountId });
 * ```
 */
export class CurrentAccount extends Construct {
  /** The account of the stack of a construct. */
  static of(scope: IConstruct): CurrentAccount {
    assertProps({ scope }, { scope: required(CONSTRUCT) });
    return onceForProvider(scope, 'alicloud', ID, (holder) => new CurrentAccount(holder, ID));
  }

  private readonly identity: DataAlicloudCallerIdentity;

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    checkProviders(this);
    this.identity = new DataAlicloudCallerIdentity(this, 'Resource');
  }

  /** ID of the Alibaba Cloud account: 16 digits. */
  get accountId(): string {
    return this.identity.accountId;
  }

  /** Region of the provider, for example `cn-hangzhou`. */
  get region(): string {
    const found = this.node.tryFindChild(REGIONS) as DataAlicloudRegions | undefined;
    const regions = found ?? new DataAlicloudRegions(this, REGIONS, { current: true });
    return regions.regions.get(0).id;
  }
}
