import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyAll, type Controllers, waitForDefinitions } from './controllers';
import { documentsOf } from './charts';
import { ApiError } from './client';
import type { ControlPlane } from './control-plane';
import {
  conditionsOf,
  describePod,
  isRunning,
  isTrue,
  type KubernetesObject,
  type Manifest,
  type ObjectSpec,
} from './objects';
import type { CloudNodes } from './nodes/allocatable';
import { claimTemplateOf, deviceClassOf, sliceOf } from './nodes/devices';
import { agentsOf, nodeOf, type NodeGroup } from './nodes/node-group';
import type { Software } from './software';

/** Namespace of the jobs. */
export const TRAINING = 'training';

const WORKLOAD = ['kueue.x-k8s.io/v1beta2', 'Workload'] as const;

/** Cluster of one flavor: a control plane with the software of a synthesized app, and the nodes of its template. */
export class FlavorCluster {
  /** Adds nodes and controllers to a control plane without nodes. */
  static async create(plane: ControlPlane, controllers: Controllers, software: Software, cloud: CloudNodes) {
    const cluster = new FlavorCluster(plane, software, cloud);
    await cluster.install(controllers);
    return cluster;
  }

  private readonly acceptedObjects = new Map<string, Manifest>();
  /** Kinds without a published definition, which the API server accepted without validation. */
  public readonly unknownKinds = new Set<string>();
  /** The jobs that were submitted, by name. */
  public readonly jobs = new Map<string, Manifest>();
  /** Number of observed changes of state: pods that started and ended, and admissions. */
  public transitions = 0;

  private readonly nodeNumbers = new Map<string, number>();
  /** Objects that drivers create, and that do not disappear with nodes. */
  private readonly driverObjects: Manifest[] = [];

  private constructor(
    public readonly plane: ControlPlane,
    public readonly software: Software,
    public readonly cloud: CloudNodes,
  ) {}

  /** Removes the objects and the nodes, so that the control plane can serve another flavor. */
  async remove(): Promise<void> {
    const { client } = this.plane;
    await this.removeJobs();
    const ofDrivers = this.driverObjects.splice(0);
    await Promise.all(ofDrivers.map((object) => client.delete(object)));
    const objects = [...this.acceptedObjects.values()].filter(({ kind }) => kind !== 'Namespace').reverse();
    await Promise.all([...objects, ...(await client.list('v1', 'Node'))].map((object) => client.delete(object)));
    await this.waitUntil('no pods of the flavor are left', async () => {
      const pods = (await client.list('v1', 'Pod')).filter(({ spec }) => spec.nodeName !== undefined);
      await Promise.all(pods.map((pod) => client.delete(pod, { gracePeriodSeconds: 0 })));
      return pods.length === 0;
    });
    for (const object of objects) {
      const { apiVersion, kind, metadata } = object;
      const isGone = async () => !(await client.get(apiVersion, kind, metadata.name, metadata.namespace));
      await this.waitUntil(`${kind} ${metadata.name} is removed`, isGone);
    }
  }

  /** Number of objects of our own that the API server accepted. */
  get accepted(): number {
    return this.acceptedObjects.size;
  }

  /** Returns the groups of accelerator nodes. */
  get acceleratorGroups(): NodeGroup[] {
    return this.software.groups.filter(({ resources }) => Object.keys(resources).length > 0);
  }

  /** Applies our own objects, strictly. Fails with the warnings of the API server. */
  async accept(objects: readonly Manifest[]): Promise<void> {
    for (const object of objects) {
      const label = `${object.kind} ${object.metadata.name}`;
      try {
        const warnings = await this.plane.waitUntil(`Trainer has the runtime of ${label}`, () => this.apply(object));
        if (warnings.length > 0) throw new Error(`${label}: warning: ${warnings.join('; ')}`);
      } catch (error) {
        if (error instanceof ApiError) throw new Error(`${label} is refused: ${error.message}`);
        throw error;
      }
      if (object.kind === 'ComputeDomain') await this.createForDriver(claimTemplateOf(object));
      this.acceptedObjects.set(`${object.kind}/${object.metadata.namespace}/${object.metadata.name}`, object);
    }
  }

  /** Applies an object. Returns undefined if Trainer has not noticed the runtime in the same file yet: docs/training-jobs.md. */
  private async apply(object: Manifest): Promise<readonly string[] | undefined> {
    try {
      return await this.plane.client.apply(object);
    } catch (error) {
      if (error instanceof ApiError && /runtime '[^']*' not found/.test(error.message)) return undefined;
      throw error;
    }
  }

  /** Creates an object, as the controller of a driver does. */
  private async createForDriver(object: Manifest): Promise<void> {
    if (await this.plane.client.tryCreate(object, 'driver')) this.driverObjects.push(object);
  }

  /** Adds nodes of a group, as its autoscaler or its scale set does. @returns their names */
  async addNodes(group: NodeGroup, count: number): Promise<string[]> {
    const from = this.nodeNumbers.get(group.name) ?? 0;
    this.nodeNumbers.set(group.name, from + count);
    const nodes = Array.from({ length: count }, (_, index) => nodeOf(group, this.cloud, from + index));
    const { devices = [] } = group;
    const addNode = async (node: Manifest) => {
      const created = await this.plane.client.create(node);
      for (const each of devices) await this.plane.client.create(sliceOf(each, created));
    };
    await Promise.all(nodes.map(addNode));
    const names = nodes.map(({ metadata }) => metadata.name);
    await this.waitUntil(`the nodes of ${group.name} are ready`, async () => {
      const all = await this.plane.client.list('v1', 'Node');
      return names.every((name) => all.some((node) => node.metadata.name === name && isTrue(node, 'Ready')));
    });
    return names;
  }

  /** Loses a node with its pods, as an interruption does: its pods are evicted, and the node disappears. @returns its name */
  async loseNode(name: string): Promise<string> {
    const { client } = this.plane;
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name } };
    const { spec } = (await client.get('v1', 'Node', name))!;
    const taint = { key: 'interrupted', value: 'true', effect: 'NoExecute' };
    await client.patch(node, { spec: { unschedulable: true, taints: [...(spec.taints ?? []), taint] } });
    await this.waitUntil(`the pods of ${name} are evicted`, async () => {
      const pods = await client.list('v1', 'Pod', TRAINING);
      return pods.every((pod) => pod.spec.nodeName !== name || pod.status?.phase === 'Failed');
    });
    await client.delete(node);
    this.transitions += 1;
    return name;
  }

  /** Creates a job, as `kubectl create` does. */
  async submit(job: Manifest): Promise<void> {
    await this.plane.client.create(job);
    this.jobs.set(job.metadata.name, job);
  }

  /** Returns the pods of a job that are not being deleted. */
  async podsOf(job: string, namespace = TRAINING): Promise<KubernetesObject[]> {
    const pods = await this.plane.client.list('v1', 'Pod', namespace, `jobset.sigs.k8s.io/jobset-name=${job}`);
    return pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  }

  /** Waits until a job has this number of running pods. @returns the pods */
  async running(job: string, count: number, seconds?: number): Promise<KubernetesObject[]> {
    const pods = await this.waitUntil(
      `${count} pods of ${job} run`,
      async () => {
        const running = (await this.podsOf(job)).filter(isRunning);
        return running.length === count && running;
      },
      seconds,
      job,
    );
    this.transitions += count;
    return pods;
  }

  /** Ends pods with an exit code, as their programs do. */
  async exit(pods: readonly KubernetesObject[], exitCode = 0): Promise<void> {
    await Promise.all(pods.map((pod) => this.plane.client.patch(pod, { status: ended(pod, exitCode) }, 'status')));
    this.transitions += pods.length;
  }

  /** Ends the pods of a job with success, and waits until the job is complete. */
  async finish(job: string): Promise<void> {
    await this.exit((await this.podsOf(job)).filter(isRunning));
    await this.completed(job);
  }

  /** Waits until a job is complete. */
  async completed(job: string): Promise<void> {
    const isComplete = async () => {
      const object = await this.job(job);
      return isTrue(object, 'Complete') || isTrue(object, 'Completed');
    };
    await this.waitUntil(`${job} is complete`, isComplete, undefined, job);
    this.transitions += 1;
  }

  /** Returns a submitted job. */
  async job(name: string): Promise<KubernetesObject | undefined> {
    const { apiVersion, kind, metadata } = this.jobs.get(name)!;
    return this.plane.client.get(apiVersion, kind, name, metadata.namespace);
  }

  /** Deletes a job, and waits until its pods and its workload are gone. */
  async removeJob(name: string): Promise<void> {
    await this.plane.client.delete(this.jobs.get(name)!);
    await this.waitUntil(`${name} is removed`, async () => {
      const pods = await this.plane.client.list('v1', 'Pod', TRAINING, `jobset.sigs.k8s.io/jobset-name=${name}`);
      return pods.length === 0 && (await this.workloadOf(name)) === undefined;
    });
  }

  /** Removes all submitted jobs and adds the missing nodes, after a scenario that failed. */
  async clear(): Promise<void> {
    await this.removeJobs();
    const nodes = await this.plane.client.list('v1', 'Node');
    for (const group of this.software.groups) {
      const present = nodes.filter(({ metadata }) => metadata.name.startsWith(`${group.name.toLowerCase()}-`)).length;
      if (present < group.nodes) await this.addNodes(group, group.nodes - present);
    }
  }

  private async removeJobs(): Promise<void> {
    const { client } = this.plane;
    for (const job of this.jobs.values()) await client.delete(job);
    await this.waitUntil('no jobs are left', async () => {
      const pods = await client.list('v1', 'Pod', TRAINING);
      const workloads = (await client.serves(...WORKLOAD)) ? await client.list(...WORKLOAD) : [];
      return pods.length + workloads.length === 0;
    });
  }

  /** Returns the workload with which Kueue queues a job. */
  async workloadOf(job: string, namespace = TRAINING): Promise<KubernetesObject | undefined> {
    const all = await this.plane.client.list(...WORKLOAD, namespace);
    return all.find(({ metadata }) => metadata.ownerReferences?.some(({ name }) => name === job));
  }

  /** Waits until Kueue says why a job waits. @returns the message */
  async waiting(job: string, reason: RegExp, namespace = TRAINING): Promise<string> {
    return this.waitUntil(
      `${job} waits because of ${reason}`,
      async () => {
        const conditions = conditionsOf(await this.workloadOf(job, namespace));
        return conditions.find(({ message = '' }) => reason.test(message))?.message;
      },
      undefined,
      job,
    );
  }

  /** Waits for a condition. A failure describes the job. */
  async waitUntil<T>(
    description: string,
    check: () => Promise<T | undefined | false>,
    seconds?: number,
    job?: string,
  ): Promise<T> {
    try {
      return await this.plane.waitUntil(description, check, seconds);
    } catch (error) {
      if (job === undefined) throw error;
      throw new Error(`${(error as Error).message}\n${await this.describe(job)}`);
    }
  }

  /** Describes the state of a job: conditions of its workload and its job set, and pods that do not run. */
  private async describe(job: string): Promise<string> {
    const workload = await this.workloadOf(job);
    const jobSet = await this.plane.client.get('jobset.x-k8s.io/v1alpha2', 'JobSet', job, TRAINING);
    const pods = await this.podsOf(job);
    const linesOf = (object: KubernetesObject | undefined) =>
      conditionsOf(object).map(({ type, status, message = '' }) => `${type}=${status} ${message}`);
    return [
      ...linesOf(workload).map((text) => `workload: ${text}`),
      ...linesOf(await this.job(job)).map((text) => `job: ${text}`),
      ...linesOf(jobSet).map((text) => `job set: ${text}`),
      ...pods.map(describePod),
    ].join('\n');
  }

  private async install(controllers: Controllers): Promise<void> {
    const { plane, software, cloud } = this;
    await plane.waitUntil('the default service account exists', () =>
      plane.client.get('v1', 'ServiceAccount', 'default', 'kube-system'),
    );
    await plane.client.apply(agentsOf(cloud), 'cloud');
    const classes = software.groups.flatMap(({ devices = [] }) => devices).map(deviceClassOf);
    for (const deviceClass of classes) await this.createForDriver(deviceClass);
    await this.installKnownDefinitions();
    await Promise.all([
      controllers.install(software.releases),
      ...software.groups.filter(({ nodes }) => nodes > 0).map((group) => this.addNodes(group, group.nodes)),
    ]);
    await this.installOpenDefinitions();
  }

  /** Installs the definitions of controllers that do not run. */
  private async installKnownDefinitions(): Promise<void> {
    const { plane, own } = this;
    const all = definitionsIn(plane.programs.definitions);
    const isNeeded = ({ kind, spec }: Manifest) =>
      kind === 'CustomResourceDefinition' &&
      // Kueue looks for this kind when it starts.
      (spec?.names?.kind === 'ProvisioningRequest' || own.some((object) => isOfKind(object, spec)));
    const needed = all.filter(isNeeded);
    await applyAll(plane, needed);
    await waitForDefinitions(plane, needed);
  }

  /** Installs definitions that accept every field for the kinds that are still unknown. */
  private async installOpenDefinitions(): Promise<void> {
    const { plane, own } = this;
    const open = new Map<string, Manifest>();
    for (const object of own) {
      if (open.has(object.kind) || (await plane.client.serves(object.apiVersion, object.kind))) continue;
      open.set(object.kind, openDefinition(object));
      this.unknownKinds.add(object.kind);
    }
    await applyAll(plane, [...open.values()]);
    await waitForDefinitions(plane, [...open.values()]);
  }

  private get own(): Manifest[] {
    return [...this.software.manifests, ...Object.values(this.software.acceptance).flat()];
  }
}

/** Definitions by folder. To parse them takes more than a second. */
const parsed = new Map<string, readonly Manifest[]>();

function definitionsIn(folder: string): readonly Manifest[] {
  const read = (file: string) => documentsOf(readFileSync(join(folder, file), 'utf8'));
  const known = parsed.get(folder) ?? readdirSync(folder).flatMap(read);
  parsed.set(folder, known);
  return known;
}

function openDefinition({ apiVersion, kind, metadata }: Manifest): Manifest {
  const [group = '', version = ''] = apiVersion.split('/');
  const plural = `${kind.toLowerCase()}s`;
  const openAPIV3Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${plural}.${group}`,
      annotations: { 'api-approved.kubernetes.io': 'unapproved, without a published definition' },
    },
    spec: {
      group,
      scope: metadata.namespace === undefined ? 'Cluster' : 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  };
}

function isOfKind({ apiVersion, kind }: Manifest, spec: ObjectSpec | undefined): boolean {
  return apiVersion.startsWith(`${spec?.group}/`) && kind === spec?.names?.kind;
}

function ended({ spec }: KubernetesObject, exitCode: number): object {
  const terminated = { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error' };
  const statuses = (spec.containers ?? []).map(({ name, image }) => ({
    ...{ name, image, imageID: '', ready: false, restartCount: 0 },
    state: { terminated },
  }));
  return { phase: exitCode === 0 ? 'Succeeded' : 'Failed', containerStatuses: statuses };
}
