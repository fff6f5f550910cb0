import { Construct } from 'constructs';
import type { ProblemCollector } from '../../core/errors';
import { validated } from '../../core/prop-schema';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import type { IMlNetwork } from '../network/network-attributes';
import { CONTAINER_REGISTRY_PROPS } from '../prop-schemas';
import { CrEeInstance, CrEeNamespace, CrEeRepo, CrVpcEndpointLinkedVpc } from '../provider/alicloud';

/** Edition of an ACR Enterprise Edition instance. */
export enum RegistryEdition {
  /** Basic. */
  BASIC = 'Basic',
  /** Standard. */
  STANDARD = 'Standard',
  /** Advanced. */
  ADVANCED = 'Advanced',
}

/** Properties for `ContainerRegistry`. */
export interface ContainerRegistryProps {
  /** Network that pulls images. The registry has no internet endpoint. */
  readonly network: IMlNetwork;
  /** Names of the image repositories. Tags in them cannot change. */
  readonly repositories: readonly string[];
  /** Edition. @default RegistryEdition.STANDARD */
  readonly edition?: RegistryEdition;
}

const LONGEST_NAME = 30;

/**
 * An ACR Enterprise Edition instance with private image repositories whose tags cannot change. Only the network can reach it, under a name that PrivateZone
 * resolves. It is billed by the hour.
 *
 * @see https://registry.terraform.io/providers/aliyun/alicloud/1.285.0/docs/resources/cr_ee_instance
 * @example
 * ```ts
 * import { ContainerRegistry, MlNetwork } from 'ai-infra-constructs/alicloud';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const network = new MlNetwork(stack, 'Network', { zones: ['cn-hangzhou-i'] });
 * new ContainerRegistry(stack, 'Registry', { network, repositories: ['trainer'] });
 * ```
 */
export class ContainerRegistry extends Construct {
  /** The instance in Terraform. */
  public readonly resource: CrEeInstance;
  /** The namespace of the repositories in Terraform. */
  public readonly namespace: CrEeNamespace;
  /** The repositories in Terraform by name. */
  public readonly repositories: Readonly<Record<string, CrEeRepo>>;
  /** The link of the registry to the network in Terraform. */
  public readonly link: CrVpcEndpointLinkedVpc;

  constructor(scope: Construct, id: string, props: ContainerRegistryProps) {
    super(scope, id);
    checkProviders(this);
    validated(this, props, CONTAINER_REGISTRY_PROPS, (problems) => checkRegistry(problems, props));
    const { network, repositories, edition = RegistryEdition.STANDARD } = props;
    const name = physicalName(this, LONGEST_NAME);
    this.resource = new CrEeInstance(this, 'Resource', {
      instanceName: name,
      instanceType: edition,
      paymentType: 'PayAsYouGo',
      imageScanner: 'ACR',
      lifecycle: { preventDestroy: true },
    });
    this.namespace = new CrEeNamespace(this, 'Namespace', {
      instanceId: this.resource.id,
      name,
      autoCreate: false,
      defaultVisibility: 'PRIVATE',
    });
    this.repositories = Object.fromEntries(
      repositories.map((repository) => [
        repository,
        new CrEeRepo(this, `Repository-${repository}`, {
          instanceId: this.resource.id,
          namespace: this.namespace.name,
          name: repository,
          summary: repository,
          repoType: 'PRIVATE',
          tagImmutability: true,
        }),
      ]),
    );
    this.link = new CrVpcEndpointLinkedVpc(this, 'Link', {
      instanceId: this.resource.id,
      vpcId: network.vpcId,
      vswitchId: network.vswitches[0]!.vswitchId,
      moduleName: 'Registry',
      enableCreateDnsRecordInPvzt: true,
    });
  }
}

const REPOSITORY = /^[a-z0-9]+([._-][a-z0-9]+)*$/;
const LONGEST_REPOSITORY = 64;

/** Adds each problem of a registry. */
export function checkRegistry(
  problems: ProblemCollector,
  { repositories }: Pick<ContainerRegistryProps, 'repositories'>,
): void {
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'RegistryOption', prop, allowed, got, fix });
  if (repositories.length === 0) wrong('repositories', 'at least one name', repositories, 'Add a repository.');
  repositories.forEach((name, index) => {
    const isValid = REPOSITORY.test(name) && name.length >= 2 && name.length <= LONGEST_REPOSITORY;
    if (isValid && repositories.indexOf(name) === index) return;
    const allowed = `2 to ${LONGEST_REPOSITORY} lower-case letters, digits, and single separators, once in the list`;
    wrong(`repositories[${index}]`, allowed, name, 'Rename it.');
  });
}
