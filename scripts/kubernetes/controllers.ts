import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { chartOf, type Manifest, type Release, renderChart } from './charts';
import type { ControlPlane } from './control-plane';
import { freePorts } from './processes';

/** Charts whose controllers run, and the names of their programs. */
const CONTROLLERS: Readonly<Record<string, string>> = {
  jobset: 'jobset',
  'kubeflow-trainer': 'trainer-controller-manager',
  kueue: 'kueue',
  lws: 'lws',
};

type Json = Readonly<Record<string, unknown>>;

/** Changes of the configuration of a controller that shorten a scenario, for example of its timeouts. */
export type ConfigChange = (config: Json) => Json;

/** Controller that runs outside the cluster, with the rights and the configuration of its chart. */
interface Controller {
  readonly name: string;
  readonly objects: readonly Manifest[];
  readonly healthPort: number;
  readonly webhookPort: number;
}

/**
 * Installs the charts of the controllers that run here: their definitions, rights and webhooks, with our values. Then starts the
 * controllers with the tokens of their service accounts. The pods of the charts run on the nodes of kwok and do nothing.
 *
 * @returns the number of objects
 */
export async function installControllers(
  plane: ControlPlane,
  releases: readonly Release[],
  change: ConfigChange = (config) => config,
): Promise<number> {
  const ours = releases.filter((release) => chartOf(release) in CONTROLLERS);
  const controllers = await Promise.all(ours.map((release) => prepare(plane, release)));
  const objects = controllers.flatMap((controller) => controller.objects);
  await applyInOrder(plane, releases.map(({ namespace }) => namespaceOf(namespace)).concat(objects));
  await Promise.all(controllers.map((controller) => start(plane, controller, change)));
  // A webhook that no controller answers would block the objects before it.
  await applyAll(plane, controllers.flatMap(webhooksOf));
  return objects.length;
}

/** Starts the controller of a chart again, with a changed configuration. */
export async function restartController(plane: ControlPlane, release: Release, change: ConfigChange): Promise<void> {
  const controller = await prepare(plane, release);
  await plane.processes.stop(controller.name);
  await start(plane, controller, change);
  await applyAll(plane, webhooksOf(controller));
}

async function prepare(plane: ControlPlane, release: Release): Promise<Controller> {
  const [healthPort, webhookPort] = await freePorts(2);
  const rendered = await renderChart(plane, release);
  const objects = rendered
    // The API server would wait for the service of an aggregated API.
    .filter(({ kind }) => kind !== 'APIService')
    .map((object) => answeredLocally(plane, object, webhookPort!));
  return { name: CONTROLLERS[chartOf(release)]!, objects, healthPort: healthPort!, webhookPort: webhookPort! };
}

/** Replaces the services of webhooks by the address of the local controller. */
function answeredLocally({ credentials }: ControlPlane, object: Manifest, port: number): Manifest {
  const caBundle = Buffer.from(credentials.authority).toString('base64');
  const local = (key: string, value: unknown) => {
    if (key !== 'clientConfig') return value;
    const { service } = value as { service: { path?: string } };
    return { url: `https://127.0.0.1:${port}${service.path ?? '/'}`, caBundle };
  };
  return JSON.parse(JSON.stringify(object), local) as Manifest;
}

function namespaceOf(name: string): Manifest {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

function webhooksOf({ objects }: Controller): Manifest[] {
  return objects.filter(isWebhook);
}

function isWebhook({ kind }: Manifest): boolean {
  return kind.endsWith('WebhookConfiguration');
}

async function applyInOrder(plane: ControlPlane, objects: readonly Manifest[]): Promise<void> {
  const isFirst = ({ kind }: Manifest) => kind === 'Namespace' || kind === 'CustomResourceDefinition';
  await applyAll(plane, objects.filter(isFirst));
  await waitForDefinitions(plane, objects);
  await applyAll(
    plane,
    objects.filter((object) => !isFirst(object) && !isWebhook(object)),
  );
}

/** Applies objects in parallel. */
export async function applyAll({ client }: ControlPlane, objects: readonly Manifest[]): Promise<void> {
  await Promise.all(objects.map((object) => client.apply(object, 'helm')));
}

/** Waits until the API server serves the newest version of each definition. */
export async function waitForDefinitions(plane: ControlPlane, objects: readonly Manifest[]): Promise<void> {
  for (const { kind, spec } of objects) {
    if (kind !== 'CustomResourceDefinition') continue;
    const { group, versions, names } = spec as {
      group: string;
      versions: { name: string; served: boolean }[];
      names: { kind: string };
    };
    for (const { name } of versions.filter(({ served }) => served)) {
      await plane.waitUntil(`the API server serves ${names.kind} in ${group}/${name}`, () =>
        plane.client.serves(`${group}/${name}`, names.kind),
      );
    }
  }
}

async function start(plane: ControlPlane, controller: Controller, change: ConfigChange): Promise<void> {
  const { name, objects, healthPort } = controller;
  const deployment = objects.find(({ kind }) => kind === 'Deployment')!;
  const { serviceAccountName, containers } = deployment.spec.template.spec as {
    serviceAccountName: string;
    containers: { args?: string[] }[];
  };
  const token = await plane.client.createToken(serviceAccountName, deployment.metadata.namespace!);
  const config = plane.write(`${name}.json`, JSON.stringify(change(localConfig(configOf(objects), controller))));
  const args = (containers[0]!.args ?? []).filter((arg) => !/^--(config|leader-elect|metrics|health)/.test(arg));
  const cwd = join(plane.folder, name);
  provideCertificates(plane, cwd);
  const env = { KUBECONFIG: plane.writeClientConfig(name, token) };
  plane.processes.start(name, plane.programs.program(name), [`--config=${config}`, ...args], { cwd, env });
  await plane.waitUntil(`${name} is ready`, () => isHealthy(healthPort), 60);
}

/** Returns the configuration in the chart, which is in the only config map with a controller configuration. */
function configOf(objects: readonly Manifest[]): Json {
  for (const { kind, data } of objects) {
    if (kind !== 'ConfigMap') continue;
    for (const text of Object.values(data as Record<string, string>)) {
      const config = parse(text) as Json | string;
      if (typeof config === 'object' && String(config.apiVersion).includes('config')) return config;
    }
  }
  throw new Error('the chart has no controller configuration');
}

/** Adapts what only works in a cluster: ports, certificates, and the election of a leader. */
function localConfig(config: Json, { name, healthPort, webhookPort }: Controller): Json {
  const isTrainer = name === 'trainer-controller-manager';
  const within = (key: string, change: Json) => ({ [key]: { ...(config[key] as Json), ...change } });
  return {
    ...config,
    ...within('health', { healthProbeBindAddress: `127.0.0.1:${healthPort}` }),
    ...within('metrics', { bindAddress: '0' }),
    // The Trainer always reads its certificate from the folder for temporary files.
    ...within('webhook', { port: webhookPort, host: '127.0.0.1', ...(!isTrainer && { certDir: CERTIFICATES }) }),
    ...within('leaderElection', { leaderElect: false }),
    ...within(isTrainer ? 'certManagement' : 'internalCertManagement', { enable: false }),
    // The API of pending workloads listens on a fixed port.
    ...(name === 'kueue' && within('featureGates', { VisibilityOnDemand: false })),
  };
}

/** Folder of the certificate of a controller, in its working directory, which is also its folder for temporary files. */
const CERTIFICATES = join('k8s-webhook-server', 'serving-certs');

/** Creates the folders of certificates: the one for webhooks, and the one that Kueue reads for its metrics. */
function provideCertificates({ credentials }: ControlPlane, cwd: string): void {
  for (const folder of [join(cwd, CERTIFICATES), join(cwd, 'metrics-certs')]) {
    mkdirSync(folder, { recursive: true });
    copyFileSync(credentials.certificateFile, join(folder, 'tls.crt'));
    copyFileSync(credentials.keyFile, join(folder, 'tls.key'));
  }
}

async function isHealthy(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/readyz`)).ok;
  } catch {
    return false;
  }
}
