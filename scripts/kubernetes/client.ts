import { Agent, request } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import type { KubernetesObject, Manifest } from './objects';

/** Refusal of the API server. */
export class ApiError extends Error {
  constructor(
    /** Status code of HTTP. */
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

type Headers = Readonly<Record<string, string>>;

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly warnings: readonly string[];
}

interface Discovered {
  readonly responseKind: { readonly kind: string };
}

interface Resource {
  readonly name: string;
  readonly namespaced: boolean;
}

/** Client of the API server. It validates strictly and collects the warnings of the server. */
export class KubernetesClient {
  private readonly agent: Agent;
  private readonly resources = new Map<string, Resource>();

  constructor(
    private readonly url: string,
    authority: string,
    private readonly token: string,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: 16, ca: authority });
  }

  /**
   * Creates or changes an object, as `kubectl apply --server-side` does.
   *
   * @param force whether to take over fields of other managers
   * @returns the warnings of the server
   */
  async apply(object: Manifest, manager = 'kubectl', force = false): Promise<readonly string[]> {
    const path = await this.pathOf(object);
    const query = `fieldManager=${manager}&fieldValidation=Strict&force=${force}`;
    return (await this.send('PATCH', `${path}?${query}`, object, { 'content-type': 'application/apply-patch+yaml' }))
      .warnings;
  }

  /** Creates an object. @returns the object as the server stored it */
  async create(object: Manifest): Promise<KubernetesObject> {
    const collection = (await this.pathOf(object)).replace(/\/[^/]*$/, '');
    return parsed(await this.send('POST', `${collection}?fieldValidation=Strict`, object)) as KubernetesObject;
  }

  /** Creates an object if it does not exist. @returns whether it was created */
  async tryCreate(object: Manifest, manager: string): Promise<boolean> {
    try {
      const collection = (await this.pathOf(object)).replace(/\/[^/]*$/, '');
      await this.send('POST', `${collection}?fieldManager=${manager}`, object);
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.status === 409) return false;
      throw error;
    }
  }

  /** Creates a token of a service account. */
  async createToken(account: string, namespace: string): Promise<string> {
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`;
    const spec = { expirationSeconds: 7200 };
    const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec };
    return (parsed(await this.send('POST', path, request)) as { status: { token: string } }).status.token;
  }

  /** Evicts a pod, as a drain of its node does. */
  async evict(pod: KubernetesObject): Promise<void> {
    const { name, namespace } = pod.metadata;
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
    await this.send('POST', `/api/v1/namespaces/${namespace}/pods/${name}/eviction`, eviction);
  }

  /** Changes some fields of an object. */
  async patch(object: Manifest, change: object, subresource?: string): Promise<void> {
    const path = await this.pathOf(object);
    const target = subresource ? `${path}/${subresource}` : path;
    await this.send('PATCH', target, change, { 'content-type': 'application/merge-patch+json' });
  }

  /** Returns an object, or undefined if it does not exist. */
  async get(apiVersion: string, kind: string, name: string, namespace?: string): Promise<KubernetesObject | undefined> {
    try {
      const path = await this.pathOf({ apiVersion, kind, metadata: { name, namespace } });
      return parsed(await this.send('GET', path)) as KubernetesObject;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Returns all objects of a kind, or those of a namespace. */
  async list(apiVersion: string, kind: string, namespace?: string, selector = ''): Promise<KubernetesObject[]> {
    const path = (await this.pathOf({ apiVersion, kind, metadata: { name: '', namespace } })).slice(0, -1);
    const query = selector ? `?labelSelector=${encodeURIComponent(selector)}` : '';
    const { items } = parsed(await this.send('GET', `${path}${query}`)) as { items: KubernetesObject[] };
    // The items of a list have no kind.
    return items.map((item) => ({ ...item, apiVersion, kind }));
  }

  /** Deletes an object, if there is one. */
  async delete(object: Manifest, options: object = {}): Promise<void> {
    try {
      await this.send('DELETE', await this.pathOf(object), { propagationPolicy: 'Background', ...options });
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) throw error;
    }
  }

  /** Whether the API server answers and is ready. */
  async isReady(): Promise<boolean> {
    try {
      return (await this.send('GET', '/readyz')).status === 200;
    } catch {
      return false;
    }
  }

  /** Whether the API server serves a kind. */
  async serves(apiVersion: string, kind: string): Promise<boolean> {
    return (await this.resourceOf(apiVersion, kind)) !== undefined;
  }

  /** Returns the kinds that the API server lists for clients that start, as `<group>/<version>/<kind>`. The list follows a new definition later. */
  async discover(): Promise<Set<string>> {
    const type = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
    const { items } = parsed(await this.send('GET', '/apis', undefined, { accept: type })) as {
      items: { metadata: { name: string }; versions: { version: string; resources: Discovered[] }[] }[];
    };
    const kinds = items.flatMap(({ metadata, versions }) =>
      versions.flatMap(({ version, resources }) =>
        resources.map(({ responseKind }) => `${metadata.name}/${version}/${responseKind.kind}`),
      ),
    );
    return new Set(kinds);
  }

  /** Ends the connections. */
  close(): void {
    this.agent.destroy();
  }

  private async pathOf({ apiVersion, kind, metadata: { name, namespace } }: Manifest): Promise<string> {
    const resource = await this.resourceOf(apiVersion, kind);
    if (!resource) throw new ApiError(404, `the API server has no kind ${kind} in ${apiVersion}`);
    const scope = resource.namespaced && namespace !== undefined ? `/namespaces/${namespace}` : '';
    return `${groupPath(apiVersion)}${scope}/${resource.name}/${name}`;
  }

  private async resourceOf(apiVersion: string, kind: string): Promise<Resource | undefined> {
    const key = `${apiVersion}/${kind}`;
    if (!this.resources.has(key)) {
      try {
        const { resources } = parsed(await this.send('GET', groupPath(apiVersion))) as {
          resources: (Resource & { readonly kind: string })[];
        };
        for (const resource of resources) {
          if (!resource.name.includes('/')) this.resources.set(`${apiVersion}/${resource.kind}`, resource);
        }
      } catch (error) {
        if (!(error instanceof ApiError && error.status === 404)) throw error;
      }
    }
    return this.resources.get(key);
  }

  private async send(method: string, path: string, body?: object, headers: Headers = {}): Promise<Answer> {
    const answer = await this.exchange(method, path, body && JSON.stringify(body), headers);
    if (answer.status < 300) return answer;
    throw new ApiError(answer.status, messageOf(answer));
  }

  private exchange(method: string, path: string, body: string | undefined, given: Headers): Promise<Answer> {
    const headers = {
      authorization: `Bearer ${this.token}`,
      accept: 'application/json',
      // Node.js sends no length with DELETE.
      ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      ...given,
    };
    return new Promise((resolve, reject) => {
      const outgoing = request(`${this.url}${path}`, { agent: this.agent, method, headers }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          // Node.js joins repeated headers, so the raw ones are read.
          const raw = incoming.rawHeaders;
          const warnings = raw.filter((_, index) => index % 2 === 1 && raw[index - 1]!.toLowerCase() === 'warning');
          resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8'), warnings });
        });
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }
}

function groupPath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function parsed({ body }: Answer): unknown {
  return JSON.parse(body);
}

function messageOf({ body, status }: Answer): string {
  try {
    return (JSON.parse(body) as { message?: string }).message ?? `status ${status}`;
  } catch {
    return `status ${status}: ${body.slice(0, 300)}`;
  }
}

/** Options for `eventually`. */
export interface EventuallyOptions {
  /** Time limit. @default 60 */
  readonly seconds?: number;
  /** Describes the last state, for the message of a failure. @default - none */
  readonly state?: () => Promise<string>;
}

/** Waits until a check returns a value other than undefined and false. Throws with the description after the time limit. */
export async function eventually<T>(
  description: string,
  check: () => Promise<T | undefined | false>,
  { seconds = 60, state }: EventuallyOptions = {},
): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const value = await check();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > end) {
      const last = state ? `\n${await state()}` : '';
      throw new Error(`not within ${seconds} s: ${description}${last}`);
    }
    await delay(150);
  }
}
