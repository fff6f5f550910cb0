/** A command that returns a token for the Kubernetes API. */
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
  /** Command that returns a token. */
  readonly exec: TokenCommand;
}

/** Application id of AKS in every Entra tenant. @see https://learn.microsoft.com/en-us/azure/aks/kubelogin-authentication */
const AKS_SERVER = '6dae42f8-4368-4678-94ff-3960e28e3630';

/**
 * Signs in with the account of the Azure CLI. Set AAD_LOGIN_METHOD for another method, for example `workloadidentity` in a pipeline.
 *
 * @see https://azure.github.io/kubelogin/
 */
export function signInByEntra(): TokenCommand {
  return {
    apiVersion: 'client.authentication.k8s.io/v1beta1',
    command: 'kubelogin',
    args: ['get-token', '--login', 'azurecli', '--server-id', AKS_SERVER],
  };
}
