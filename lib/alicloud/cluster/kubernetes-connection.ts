/** A command that returns a credential for the Kubernetes API. */
export interface TokenCommand {
  /** API version of the credential plugin. */
  readonly apiVersion: string;
  /** Command. */
  readonly command: string;
  /** Arguments of the command. */
  readonly args: string[];
}

/** Connection to the Kubernetes API, for the Kubernetes and Helm providers. */
export interface KubernetesConnection {
  /** URL of the Kubernetes API. */
  readonly host: string;
  /** CA certificate of the cluster, in PEM format. */
  readonly clusterCaCertificate: string;
  /** Command that returns a credential. */
  readonly exec: TokenCommand;
}

/**
 * Signs in with the RAM identity of the environment: ack-ram-tool returns a client certificate that is valid for one hour. The tool reads the
 * configuration of the Alibaba Cloud CLI, environment variables, or the role of the instance.
 *
 * @see https://aliyuncontainerservice.github.io/ack-ram-tool/v0.13.2/credential-plugin/get-credential
 */
export function signInByRam(clusterId: string, region: string): TokenCommand {
  return {
    apiVersion: 'client.authentication.k8s.io/v1beta1',
    command: 'ack-ram-tool',
    args: [
      'credential-plugin',
      'get-credential',
      '--cluster-id',
      clusterId,
      // Without it, the tool uses cn-hangzhou.
      '--region-id',
      region,
      '--expiration',
      '1h',
      '--log-level',
      'error',
    ],
  };
}
