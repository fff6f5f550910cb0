import type { Sections } from '../architecture';
import { isRecord, list, parsed, type Props, record, records } from '../json';
import { objectSections } from '../kubernetes-objects';
import { details, type Readers, type Resource, type View } from '../view';

/** Readers of EKS clusters, add-ons, charts and manifests. */
export const KUBERNETES_READERS: Readers = {
  'AWS::EKS::Cluster': (resource, view) => cluster(resource, view, resource.props),
  'Custom::AWSCDK-EKS-Cluster': (resource, view) => cluster(resource, view, capitalized(resource.props.Config)),
  'AWS::EKS::Addon': ({ name, props }, view) => ({
    kubernetes: [
      { name, kind: 'add-on', ...details({ of: view.text(props.AddonName), version: view.text(props.AddonVersion) }) },
    ],
  }),
  'Custom::AWSCDK-EKS-HelmChart': ({ name, props }, view) => ({
    kubernetes: [
      { name, kind: 'chart', ...details({ of: view.text(props.Chart), version: view.text(props.Version) }) },
    ],
  }),
  'Custom::AWSCDK-EKS-KubernetesResource': manifest,
};

function manifest({ name, props }: Resource, view: View): Partial<Sections> {
  const objects = records(parsed(view.joined(props.Manifest)));
  if (objects.length === 0) return { kubernetes: [{ name, kind: 'manifest known at deployment' }] };
  return objectSections(name, objects);
}

/** Capitalizes the keys of the older CDK cluster, which uses the lowercase names of the API. */
function capitalized(config: unknown): Props {
  const convert = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(convert);
    if (!isRecord(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key[0]!.toUpperCase() + key.slice(1), convert(one)]),
    );
  };
  return record(convert(config));
}

function cluster({ name }: Resource, view: View, props: Props): Partial<Sections> {
  const network = record(props.ResourcesVpcConfig);
  const open = view.flag(network.EndpointPublicAccess) !== false;
  const ranges = list(network.PublicAccessCidrs).map((range) => view.text(range) ?? '');
  const [encryption] = records(props.EncryptionConfig);
  const kind = 'EKS cluster';
  return {
    endpoints: [
      {
        name,
        kind,
        access: open ? 'public' : 'private',
        // Without a customer-managed key, EKS uses its own key.
        encryption: view.encryption(record(encryption?.Provider).KeyArn),
        ...details({ version: view.text(props.Version) }),
      },
    ],
    ...(open && {
      exposure: [{ name, kind, why: `Kubernetes API, from ${ranges.length > 0 ? ranges.join(', ') : '0.0.0.0/0'}` }],
    }),
  };
}
