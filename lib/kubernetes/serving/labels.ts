/** Label of all pods of a model. */
export const MODEL_LABEL = 'ai-infra/model';

/** Label of the pods that serve requests: every pod, or the leader if a replica has several pods. */
export const SERVES_LABEL = 'ai-infra/serves';

/** Returns the labels of all pods of a model. */
export function serverLabels(name: string): Readonly<Record<string, string>> {
  return { [MODEL_LABEL]: name };
}

/** Returns the labels that select the pods that serve requests. */
export function servingSelector(name: string): Readonly<Record<string, string>> {
  return { [SERVES_LABEL]: name };
}
