import type { Cloud } from './clouds';

/** Props that exist on some of the clouds that have their interface, for one reason. */
export interface MissingProps {
  /** Clouds that have the props. */
  readonly on: readonly Cloud[];
  /** Names without their unit. */
  readonly props: readonly string[];
  /** Reason, in one sentence. */
  readonly because: string;
}

/** Props that have another type, or are required, on some clouds, for one reason. */
export interface DifferentProps {
  /** Names without their unit. */
  readonly props: readonly string[];
  /** Reason, in one sentence. */
  readonly because: string;
}

/** Props that not every cloud has. `npx tsx scripts/vocabulary.ts` prints the rows to add. */
export const MISSING_PROPS: readonly MissingProps[] = [
  {
    on: ['azure'],
    props: ['clientId'],
    because: 'Only the Blob CSI driver asks for the identity of a mount; on Google Cloud it is the one of the pod.',
  },
  {
    on: ['google'],
    props: ['folder'],
    because: 'Cloud Storage FUSE mounts a folder of a bucket; the Blob CSI driver mounts a container.',
  },
  {
    on: ['aws'],
    props: [
      'availabilityZone',
      'availabilityZones',
      'controlPlaneSubnets',
      'serviceCidr',
      'subnet',
      'subnets',
      'vpc',
      'vpcEndpoints',
    ],
    because: 'AWS places resources in a VPC and its subnets.',
  },
  {
    on: ['aws'],
    props: ['clients'],
    because: 'On AWS, `IConnectable` clients get security group rules; `clientCidrs` is the same idea in Terraform.',
  },
  {
    on: ['aws'],
    props: [
      'addons',
      'addonVersions',
      'commands',
      'efa',
      'ignoredXids',
      'image',
      'interconnect',
      'kubectlLayer',
      'nodeQuota',
      'os',
      'scratch',
      'topologyAware',
    ],
    because: 'These are features of EFA, EKS, and its node images.',
  },
  {
    on: ['aws'],
    props: ['bootDisk', 'bootDiskKey'],
    because:
      'EKS system nodes have a launch template with these settings; the other clouds manage the disks of system nodes.',
  },
  { on: ['aws'], props: ['instanceType'], because: 'An instance type is the word of EC2 for a machine type.' },
  {
    on: ['aws'],
    props: ['nodes'],
    because: 'Karpenter and managed node groups are two options to run inference nodes on EKS.',
  },
  {
    on: ['aws'],
    props: ['domain'],
    because:
      'API Gateway has a resource for a custom domain; API Management has the host names of its existing service.',
  },
  { on: ['aws'], props: ['accessLogs'], because: 'A load balancer of AWS writes access logs to a bucket.' },
  { on: ['aws'], props: ['alertTopic'], because: 'Alarms on AWS notify an SNS topic.' },
  {
    on: ['aws'],
    props: ['removalPolicy'],
    because:
      'Removal policies are a concept of CloudFormation; Terraform has `deletionProtection` and lifecycle rules.',
  },
  {
    on: ['aws'],
    props: ['backupRetention', 'dataRepositories', 'metadata'],
    because: 'These are features of FSx for Lustre.',
  },
  {
    on: ['aws'],
    props: ['endpointExemptRoles'],
    because: 'Only an S3 bucket policy can restrict access to VPC endpoints with exempt roles.',
  },
  {
    on: ['aws'],
    props: ['compute', 'concurrency'],
    because: 'On AWS, a workflow of this library starts the shards on AWS Batch or SageMaker batch transform.',
  },
  {
    on: ['aws'],
    props: ['encryptionKey', 'inferenceAmi', 'inferenceComponentName', 'isolated', 'kind', 'role', 'routing', 'update'],
    because: 'These are features of SageMaker endpoints.',
  },
  { on: ['aws'], props: ['bucket', 'prefix', 'sha256'], because: 'SageMaker reads model files from S3.' },
  {
    on: ['aws'],
    props: ['certificate'],
    because: 'A Network Load Balancer of AWS terminates TLS with a certificate of ACM.',
  },
  {
    on: ['aws'],
    props: ['cloudWatchRole', 'gateway', 'logRetention', 'maxResponseTime', 'model'],
    because: 'These settings belong to API Gateway and CloudWatch.',
  },
  { on: ['aws'], props: ['machine'], because: 'Capacity blocks and reservations of AWS are for one machine type.' },
  { on: ['aws'], props: ['clusterName'], because: 'EKS pod identity associations name the cluster.' },
  {
    on: ['google'],
    props: ['admins'],
    because:
      'RBAC bindings on GKE also work for an existing cluster; EKS and AKS assign administrators when they create the cluster.',
  },
  {
    on: ['aws', 'azure'],
    props: ['dataCapture'],
    because: 'SageMaker and Azure ML endpoints store requests themselves; EAS has a request log.',
  },
  {
    on: ['aws', 'azure', 'alicloud'],
    props: ['endpointName', 'models'],
    because:
      'Endpoints of SageMaker, Azure ML, and EAS serve several models; Vertex AI deploys one model from Model Garden.',
  },
  {
    on: ['alicloud'],
    props: ['alertContactGroups'],
    because: 'Contact groups of Cloud Monitor have members that confirmed an email, which Terraform cannot do.',
  },
  {
    on: ['aws', 'azure', 'google'],
    props: ['alertEmails'],
    because: 'Alarms of Alibaba Cloud go to contact groups.',
  },
  {
    on: ['azure', 'alicloud'],
    props: ['network'],
    because: 'The platforms of Azure and Alibaba Cloud can use an existing network for every backend.',
  },
  {
    on: ['azure', 'alicloud'],
    props: ['publicAccess'],
    because: 'Endpoints of Azure ML and EAS have an address on the internet that can be turned off.',
  },
  {
    on: ['alicloud'],
    props: [
      'disk',
      'fallbackMachines',
      'gatewayId',
      'network',
      'requestLog',
      'roleName',
      'spot',
      'stopped',
      'workspaceId',
    ],
    because: 'These are features of EAS: machines in an order, spot machines with a price limit, and its network.',
  },
  {
    on: ['aws', 'azure'],
    props: ['encryptionKey'],
    because:
      'Managed Lustre, Vertex AI, and the buckets of a platform on Google Cloud use the key of `ClusterSource.create`, or no key of yours.',
  },
  { on: ['aws', 'azure'], props: ['gateway'], because: 'This library has no gateway construct on Google Cloud yet.' },
  {
    on: ['aws', 'azure'],
    props: ['maintenance'],
    because: 'Managed Lustre on Google Cloud has no maintenance window.',
  },
  { on: ['google'], props: ['maxNodesPerZone', 'minNodesPerZone'], because: 'GKE counts system nodes per zone.' },
  { on: ['aws', 'azure'], props: ['tags'], because: 'Budgets of Google Cloud filter by one label.' },
  { on: ['google'], props: ['label'], because: 'Budgets of Google Cloud filter by one label.' },
  {
    on: ['aws', 'google'],
    props: ['input', 'inputPrefix', 'results', 'resultsPrefix', 'schedule', 'timeout', 'toleratedFailurePercent'],
    because: 'An Azure ML batch endpoint gets its data, schedule, and limits with each invocation.',
  },
  {
    on: ['azure'],
    props: ['outputAction', 'taskTimeout', 'toleratedFailures'],
    because: 'Azure ML counts failures instead of a percentage, and has a timeout for each task.',
  },
  {
    on: ['aws', 'google', 'alicloud'],
    props: ['load', 'prices'],
    because: 'On Azure, the load and prices belong to the serving options.',
  },
  { on: ['aws', 'google'], props: ['tokenSecret'], because: 'On Azure, `HubServingOptions` has the token secret.' },
  {
    on: ['azure'],
    props: ['accountKeys', 'nfs', 'premium', 'restore'],
    because: 'These are features of Azure storage accounts.',
  },
  {
    on: ['azure', 'alicloud'],
    props: ['redundancy'],
    because: 'Buckets of AWS and Google Cloud in a region always have copies in several zones.',
  },
  {
    on: ['alicloud'],
    props: ['kmsInstanceId', 'rotation'],
    because: 'Rotation of an Alibaba Cloud key depends on the KMS instance that stores it.',
  },
  {
    on: ['alicloud'],
    props: ['egressMbps', 'zones'],
    because: 'A vSwitch of Alibaba Cloud is in one zone, and its public addresses have a bandwidth.',
  },
  {
    on: ['alicloud'],
    props: ['allowedValues', 'enforcedFor', 'target'],
    because: 'A tag policy of Alibaba Cloud has values and resource types, and belongs to an account or a folder.',
  },
  {
    on: ['azure'],
    props: ['effect'],
    because: 'An Azure policy reports or rejects; on Alibaba Cloud, `enforcedFor` decides.',
  },
  {
    on: ['aws', 'azure', 'google'],
    props: ['actualPercent', 'forecastPercent'],
    because: 'The Terraform provider of Alibaba Cloud has no budgets, so a budget is compared with the plan.',
  },
  {
    on: ['alicloud'],
    props: [
      'artifacts',
      'codeSources',
      'datasets',
      'description',
      'domain',
      'edition',
      'experiments',
      'jobRoleName',
      'logRetention',
      'members',
      'models',
      'repositories',
      'separateDevelopment',
      'task',
    ],
    because: 'A PAI workspace has its assets in Terraform, and its jobs in the console or the SDK.',
  },
  {
    on: ['azure'],
    props: [
      'alertEmails',
      'applicationInsights',
      'capacity',
      'containerRegistry',
      'dataClass',
      'encryptionKey',
      'endpoint',
      'imageBuildCompute',
      'job',
      'keyVault',
      'machine',
      'monitor',
      'outbound',
      'publicAccess',
      'registry',
      'size',
      'storageAccount',
      'version',
    ],
    because: 'A workspace of Azure Machine Learning has its own resources, compute, and network in Terraform.',
  },
  {
    on: ['alicloud'],
    props: ['throughputMBps'],
    because: 'Data flows of CPFS have a throughput; those of FSx for Lustre do not.',
  },
  {
    on: ['aws'],
    props: ['exports', 'imports'],
    because: 'FSx for Lustre applies changes by itself; data flows of CPFS run as tasks.',
  },
  { on: ['azure'], props: ['resourceGroup'], because: 'Every Azure resource belongs to a resource group.' },
  {
    on: ['azure'],
    props: [
      'azurePolicy',
      'bootDiskType',
      'compactPlacement',
      'encryptionAtHost',
      'infinibandFeature',
      'kubeletDisk',
      'repairFaults',
    ],
    because: 'These are features of Azure virtual machines and AKS node pools.',
  },
  { on: ['azure'], props: ['logs', 'outboundType', 'systemNodes'], because: 'These are features of AKS.' },
  {
    on: ['azure'],
    props: ['blobIntegration', 'clientCidrs', 'rootSquash', 'subnetCidr', 'subnetId'],
    because: 'These are features of Azure Managed Lustre.',
  },
  {
    on: ['azure'],
    props: ['endpointCidr', 'zone'],
    because: 'An Azure virtual network has a subnet for endpoints, and its NAT gateway is in a zone.',
  },
  {
    on: ['azure', 'alicloud'],
    props: ['cidr'],
    because: 'A network of Google Cloud has no address space of its own; its subnetworks have.',
  },
  {
    on: ['azure'],
    props: ['address', 'after', 'appSubnetId', 'network', 'virtualNetworkId'],
    because: 'Azure places endpoints, buckets, and gateways in subnets of a virtual network.',
  },
  {
    on: ['azure'],
    props: ['artifact', 'authorization', 'container', 'endpointName', 'format', 'identity', 'name', 'uri', 'workspace'],
    because: 'These are features of Azure ML endpoints.',
  },
  {
    on: ['azure'],
    props: ['publisherEmail', 'screens', 'serviceName', 'tier', 'tokenAudience'],
    because: 'These are features of API Management.',
  },
  {
    on: ['azure'],
    props: ['alertActionGroups', 'alerts', 'startMonth'],
    because: 'Azure Monitor notifies action groups, and an Azure budget starts in a month.',
  },
  {
    on: ['azure'],
    props: ['maxUsdPerHour'],
    because: 'Only AKS node pools support a maximum price for spot machines.',
  },
  { on: ['azure'], props: ['trustedServicesOnly'], because: 'Only Azure Key Vault has a firewall.' },
  { on: ['azure', 'google'], props: ['alertEmails'], because: 'On AWS, an `AlertTopic` has the email addresses.' },
  {
    on: ['google'],
    props: ['alertEmails'],
    because: 'On AWS, an `AlertTopic` has the email addresses; on Azure, an `AlertGroup` has them.',
  },
  {
    on: ['google'],
    props: ['securityGroup'],
    because: 'GKE takes groups below one security group; EKS takes roles, and AKS takes Entra groups.',
  },
  { on: ['google'], props: ['alertChannels'], because: 'Cloud Monitoring notifies notification channels.' },
  {
    on: ['azure', 'google'],
    props: ['authorizedCidrs'],
    because: 'On AWS, `apiAccess` includes the allowed address ranges.',
  },
  {
    on: ['azure', 'google'],
    props: ['clientCidrs'],
    because: 'A Terraform load balancer allows address ranges; on AWS, `clients` is the same idea.',
  },
  {
    on: ['azure', 'google'],
    props: ['hierarchical', 'softDelete'],
    because: 'S3 has no hierarchical namespace in a general purpose bucket, and no soft delete.',
  },
  {
    on: ['azure', 'google'],
    props: ['machineType'],
    because: 'An instance type is the word of EC2 for a machine type.',
  },
  { on: ['azure', 'google'], props: ['network'], because: 'A virtual network; on AWS, `vpc` is the same idea.' },
  { on: ['azure', 'google'], props: ['zone'], because: 'A zone; on AWS, the subnets define the zone.' },
  {
    on: ['azure', 'google'],
    props: ['acceleratorsPerReplica', 'attempts', 'capacity', 'cluster', 'machine', 'maxMachines', 'prices'],
    because: 'On AWS, these settings belong to `BatchCompute`.',
  },
  { on: ['google'], props: ['billingAccount'], because: 'A budget of Google Cloud belongs to a billing account.' },
  {
    on: ['google'],
    props: ['region'],
    because:
      'Google Cloud resources need a region; AWS uses the region of the stack, and Azure the location of the resource group.',
  },
  {
    on: ['google'],
    props: [
      'capacity',
      'cluster',
      'installation',
      'model',
      'name',
      'namespace',
      'network',
      'networks',
      'nodeOptions',
      'nodePool',
      'queue',
      'server',
      'topology',
      'zone',
    ],
    because:
      'Batch inference and endpoints on Google Cloud run on GKE node pools and Vertex AI, which need these settings.',
  },
  {
    on: ['google'],
    props: ['access', 'container', 'displayName', 'invokers', 'machinesPerReplica', 'reservationZone'],
    because: 'These are features of Vertex AI endpoints.',
  },
  {
    on: ['google'],
    props: ['block', 'commitment', 'project', 'subBlock'],
    because: 'These are features of Compute Engine reservations.',
  },
  {
    on: ['google'],
    props: ['computeClass', 'imageStreaming', 'preloadedImages', 'serviceAccount', 'slices'],
    because: 'These are features of GKE node pools.',
  },
  {
    on: ['google'],
    props: ['betaApis', 'legacyLustrePort', 'releaseChannel', 'shieldedNodes'],
    because: 'These are features of GKE.',
  },
  {
    on: ['google'],
    props: ['fsName', 'legacyGkePort'],
    because: 'These are features of Managed Lustre on Google Cloud.',
  },
  {
    on: ['google'],
    props: ['cacheZones', 'inspection', 'perimeter'],
    because: 'These are features of Cloud Storage, Sensitive Data Protection, and VPC Service Controls.',
  },
  {
    on: ['google'],
    props: ['after'],
    because: 'Terraform resources can depend on resources that they do not reference.',
  },
  {
    on: ['aws', 'azure', 'alicloud'],
    props: ['admins'],
    because:
      'On Google Cloud, administrators are RBAC subjects, so `ClusterSource` accepts them for new and existing clusters.',
  },
  {
    on: ['azure', 'google', 'alicloud'],
    props: ['maintenance'],
    because: 'GKE and AKS upgrade clusters in maintenance windows; EKS upgrades only on request.',
  },
  { on: ['aws', 'azure', 'alicloud'], props: ['maxNodes', 'minNodes'], because: 'GKE counts system nodes per zone.' },
  {
    on: ['aws', 'google', 'alicloud'],
    props: ['bootDiskKey'],
    because: 'AKS encrypts node disks with the disk encryption set of the cluster.',
  },
  {
    on: ['aws', 'google', 'alicloud'],
    props: ['fallback'],
    because: 'This library has no fallback for AKS spot pools yet.',
  },
  { on: ['aws', 'google', 'alicloud'], props: ['until'], because: 'Capacity reservations of Azure have no end date.' },
  {
    on: ['azure', 'alicloud'],
    props: ['upgradeChannel', 'zones'],
    because: 'AKS and ACK have upgrade channels, and zones of the control plane.',
  },
  {
    on: ['azure', 'alicloud'],
    props: ['maxNodes', 'minNodes'],
    because: 'The system node pool construct of Azure has the same range as `SystemNodeOptions`.',
  },
  {
    on: ['azure', 'google', 'alicloud'],
    props: ['deletionProtection'],
    because: 'On AWS, the construct protects resources with a removal policy.',
  },
  { on: ['azure', 'google', 'alicloud'], props: ['zones'], because: 'On AWS, the subnets define the zones.' },
  { on: ['azure', 'google', 'alicloud'], props: ['driver'], because: 'The node images of EKS include the driver.' },
  { on: ['google', 'alicloud'], props: ['bootDiskKey', 'group'], because: 'These are features of GKE node pools.' },
  {
    on: ['alicloud'],
    props: ['gpuSharing', 'hardening', 'machineTypes', 'networkPolicies', 'tier', 'workerRole', 'logRetention'],
    because:
      'These are settings of ACK: shared GPUs, hardened nodes, several instance types, tiers, and roles of nodes.',
  },
  {
    on: ['alicloud'],
    props: ['maxPricePerHour'],
    because: 'A spot price of Alibaba Cloud is in the currency of the account, which can be the yuan.',
  },
  {
    on: ['alicloud'],
    props: ['oidcIssuerUrl', 'oidcProviderArn'],
    because: 'RAM trusts an identity provider by its ARN and its issuer.',
  },
  { on: ['alicloud'], props: ['zone'], because: 'The ID of a private pool does not contain its zone.' },
  { on: ['aws', 'alicloud'], props: ['addonVersions'], because: 'Add-ons of EKS and ACK have versions of their own.' },
  {
    on: ['aws', 'azure', 'google'],
    props: ['alertEmails', 'monthlyBudgetUsd'],
    because: 'The Terraform provider of Alibaba Cloud has no budget.',
  },
  { on: ['google', 'alicloud'], props: ['name'], because: 'A cluster of ACK and GKE has a name that users choose.' },
  {
    on: ['azure', 'alicloud'],
    props: ['compactPlacement'],
    because: 'GKE decides by the machine, and EKS by the fabric.',
  },
  {
    on: ['aws', 'azure', 'google'],
    props: ['sysctls'],
    because: 'The Terraform provider has no kernel parameters for nodes of ACK.',
  },
  {
    on: ['azure', 'google'],
    props: ['sysctls'],
    because: 'The Terraform provider has no kernel parameters for nodes of ACK.',
  },
  {
    on: ['azure', 'google', 'alicloud'],
    props: ['network', 'zone'],
    because: 'Nodes of these clouds are in a network and a zone; AWS has subnets.',
  },
  { on: ['alicloud'], props: ['addonVersions'], because: 'ACK takes versions of add-ons when it creates a cluster.' },
  {
    on: ['aws', 'azure', 'alicloud'],
    props: ['encryptionKey'],
    because: 'A training cluster of GKE takes its key from `ClusterSource.create`.',
  },
];

/** Props with different types. */
export const DIFFERENT_PROPS: readonly DifferentProps[] = [
  { props: ['nodes'], because: 'A TPU topology on Google Cloud defines the number of nodes.' },
  { props: ['zone'], because: 'Azure can place a pool or a file system without a zone in regions that have none.' },
  {
    props: ['cluster'],
    because: 'Azure ML batch inference runs on an Azure ML compute cluster, and not on Kubernetes.',
  },
  {
    props: ['machine', 'maxMachines'],
    because: 'An existing Azure ML cluster, or a serverless SageMaker endpoint, defines or has no machines.',
  },
  { props: ['network'], because: 'A network of Alibaba Cloud needs zones, so a platform has no default network.' },
  { props: ['accessLogs'], because: 'Each cloud writes access logs to another kind of resource.' },
  {
    props: ['systemLabels'],
    because:
      'On AWS, the labels are required, because the library cannot detect the system nodes of an existing cluster.',
  },
  {
    props: ['endpoint'],
    because:
      'API Management balances requests over several endpoints, and Cloud Monitoring observes any endpoint with metrics.',
  },
  {
    props: ['nodeOptions'],
    because:
      'Inference nodes on AWS support the boot disk settings only, because Karpenter manages the other settings.',
  },
  { props: ['size'], because: 'Azure ML gets the size of registered model files from the workspace.' },
  {
    props: ['groups'],
    because:
      'The node group construct has the name of the service on each cloud: EFA node groups, AKS and GKE training groups.',
  },
  { props: ['driver'], because: 'ACK installs one of several driver versions; AKS and GKE choose the version.' },
];
