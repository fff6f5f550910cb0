/** The label of all pods of a deployment of a model. */
export const MODEL_LABEL = 'ai-infra/model';

/** The label of those that answer requests: each pod, or the leader where several are one replica. */
export const SERVES_LABEL = 'ai-infra/serves';

/** The labels of all pods of a deployment of a model. */
export function serverLabels(name: string): Readonly<Record<string, string>> {
  return { [MODEL_LABEL]: name };
}

/** What selects the pods that answer requests. */
export function servingSelector(name: string): Readonly<Record<string, string>> {
  return { [SERVES_LABEL]: name };
}
