/** A command that prints a token for the Kubernetes API. */
export interface TokenCommand {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: string[];
}

/** Where the Kubernetes API answers, and by what right: what providers of Kubernetes and Helm take. */
export interface KubernetesConnection {
  readonly host: string;
  readonly clusterCaCertificate: string;
  readonly exec: TokenCommand;
}

/** The application of AKS in every tenant of Entra. @see https://learn.microsoft.com/en-us/azure/aks/kubelogin-authentication */
const AKS_SERVER = '6dae42f8-4368-4678-94ff-3960e28e3630';

/**
 * Signs in as who is signed in to the Azure CLI. The variable AAD_LOGIN_METHOD names another way, e.g. `workloadidentity` in a pipeline.
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
