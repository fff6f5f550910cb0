import { DataResource, dependable, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { startupSeconds } from '../../kubernetes';
import { checkProviders } from '../../terraform/provider-checks';
import { jsonText } from '../../terraform/json-text';
import { PaiService } from '../provider/alicloud';
import type { ResolvedModel } from './resolved-endpoint';
import { serviceBody, type ServiceContext } from './service-body';

/** Minutes for the machines, the image, and the start of the server. An update starts new instances one after the other. */
const MINUTES = 60;

/** A model on an `InferenceEndpoint`: an EAS service. */
export class EndpointService extends Construct {
  /** The service in Terraform. */
  public readonly resource: PaiService;
  /** Name of the service. */
  public readonly serviceName: string;

  /** @internal */
  constructor(
    scope: Construct,
    id: string,
    resolved: ResolvedModel,
    context: ServiceContext & { readonly dependsOn: readonly ITerraformDependable[] },
  ) {
    super(scope, id);
    checkProviders(this);
    const { props, serviceName, group, dependsOn } = context;
    const { workspaceId, stopped, requestLog, gatewayId } = props;
    const { limits, server, model } = resolved;
    this.serviceName = serviceName;
    // The provider changes a service in place, but EAS cannot rename it, and keeps the keys that a new configuration leaves out.
    const replaced = new DataResource(this, 'Replacement', {
      input: {
        serviceName,
        workspaceId: workspaceId ?? '',
        group: group ?? '',
        gatewayId: gatewayId ?? '',
        hasBucket: model.model.bucket !== undefined,
        hasLog: requestLog !== undefined,
        scales: limits.maxReplicas > limits.minReplicas,
      },
    });
    const minutes = MINUTES + Math.ceil(startupSeconds(model.model.sizeGiB) / 60);
    this.resource = new PaiService(this, 'Resource', {
      serviceConfig: jsonText(serviceBody(resolved, context)),
      workspaceId,
      // Without a value, the states of an update would show a change.
      status: stopped === undefined ? undefined : stopped ? 'Stopped' : 'Running',
      // EAS shows the metrics of the server with this tag. Source: alibabacloud.com, pai/user-guide/service-monitoring, read 2026-11-28.
      tags: server.engine === 'vllm' ? { ServiceEngineType: 'vllm' } : undefined,
      dependsOn: [...dependsOn],
      timeouts: { create: `${minutes}m`, update: `${minutes}m`, delete: '15m' },
      lifecycle: { replaceTriggeredBy: [dependable(replaced)] },
    });
  }
}
