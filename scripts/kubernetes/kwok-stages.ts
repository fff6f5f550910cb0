function stage(name: string, kind: string, matchExpressions: readonly object[], next: object, delayMs = 0): object {
  return {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Stage',
    metadata: { name },
    spec: {
      resourceRef: { apiGroup: 'v1', kind },
      selector: { matchExpressions },
      ...(delayMs > 0 && { delay: { durationMilliseconds: delayMs } }),
      next,
    },
  };
}

const NOT_READY = {
  key: '.status.conditions.[] | select( .type == "Ready" ) | .status',
  operator: 'NotIn',
  values: ['True'],
};

function nodeStage(): object {
  const statusTemplate = `
conditions:
{{ range NodeConditions }}
- lastHeartbeatTime: {{ Now | Quote }}
  lastTransitionTime: {{ Now | Quote }}
  message: {{ .message | Quote }}
  reason: {{ .reason | Quote }}
  status: {{ .status | Quote }}
  type: {{ .type | Quote }}
{{ end }}
addresses:
- address: {{ NodeIP | Quote }}
  type: InternalIP
- address: {{ .metadata.name | Quote }}
  type: Hostname
phase: Running
`;
  return stage('node-ready', 'Node', [NOT_READY], { statusTemplate });
}

/** Time until a probe succeeds. Without it, nobody could see what waits for a pod that is ready. */
const PROBE_MS = 1500;

function readyStage(probe: 'Exists' | 'DoesNotExist'): object {
  const waiting = [
    { key: '.spec.containers.[].readinessProbe | select( . != null )', operator: probe },
    { key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' },
    { key: '.status.phase', operator: 'In', values: ['Pending'] },
    NOT_READY,
  ];
  const statusTemplate = `
{{ $now := Now }}
conditions:
- { lastTransitionTime: {{ $now | Quote }}, status: "True", type: Initialized }
- { lastTransitionTime: {{ $now | Quote }}, status: "True", type: Ready }
- { lastTransitionTime: {{ $now | Quote }}, status: "True", type: ContainersReady }
containerStatuses:
{{ range .spec.containers }}
- image: {{ .image | Quote }}
  name: {{ .name | Quote }}
  ready: true
  restartCount: 0
  state:
    running:
      startedAt: {{ $now | Quote }}
{{ end }}
initContainerStatuses:
{{ range .spec.initContainers }}
- image: {{ .image | Quote }}
  name: {{ .name | Quote }}
  ready: true
  restartCount: 0
  {{ if eq .restartPolicy "Always" }}
  started: true
  state:
    running:
      startedAt: {{ $now | Quote }}
  {{ else }}
  state:
    terminated:
      exitCode: 0
      finishedAt: {{ $now | Quote }}
      reason: Completed
      startedAt: {{ $now | Quote }}
  {{ end }}
{{ end }}
{{ with PodIPsWith .spec.nodeName ( or .spec.hostNetwork false ) ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) }}
podIP: {{ index . 0 | Quote }}
podIPs:
{{ range . }}
- ip: {{ . | Quote }}
{{ end }}
{{ end }}
phase: Running
startTime: {{ $now | Quote }}
`;
  const delayMs = probe === 'Exists' ? PROBE_MS : 0;
  return stage(`pod-ready-after-${delayMs}`, 'Pod', waiting, { statusTemplate }, delayMs);
}

const DELETED = { key: '.metadata.deletionTimestamp', operator: 'Exists' };

/** A deleted pod stops with an error first, as the kubelet reports it. Job controllers wait for that. */
function stoppedStage(): object {
  const running = { key: '.status.phase', operator: 'In', values: ['Pending', 'Running'] };
  return stage('pod-stopped', 'Pod', [DELETED, running], { statusTemplate: 'phase: Failed\n' });
}

function deletedStage(): object {
  const ended = { key: '.status.phase', operator: 'In', values: ['Succeeded', 'Failed'] };
  return stage('pod-deleted', 'Pod', [DELETED, ended], { delete: true });
}

/**
 * What kwok does with the nodes and pods of a control plane: nodes and scheduled pods become ready, and deleted pods stop. Pods end
 * otherwise only when a scenario ends them.
 *
 * @see https://kwok.sigs.k8s.io/docs/user/stages-configuration/
 */
export const KWOK_STAGES = [
  nodeStage(),
  readyStage('Exists'),
  readyStage('DoesNotExist'),
  stoppedStage(),
  deletedStage(),
]
  .map((stage) => JSON.stringify(stage))
  .join('\n---\n');
