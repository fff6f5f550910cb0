import type { Endpoint, Sections } from '../architecture';
import { countsOf, list, type Props, record, details, type Readers, type Resource, type View } from '../view';

/** APIs, load balancers and distributions. */
export const API_READERS: Readers = {
  'AWS::ApiGateway::RestApi': (resource, view) => {
    const types = list(record(resource.props.EndpointConfiguration).Types).map((type) => view.text(type) ?? '');
    return api(resource, view, {
      kind: 'REST API',
      open: !types.includes('PRIVATE'),
      callers: callersOf(view, resource, 'AWS::ApiGateway::Method', 'RestApiId'),
    });
  },
  'AWS::ApiGatewayV2::Api': (resource, view) =>
    api(resource, view, {
      kind: `${view.text(resource.props.ProtocolType) ?? 'HTTP'} API`,
      open: true,
      callers: callersOf(view, resource, 'AWS::ApiGatewayV2::Route', 'ApiId'),
    }),
  'AWS::ApiGateway::Method': ({ props }, view) => (view.find(props.RestApiId) ? {} : undefined),
  'AWS::ApiGatewayV2::Route': ({ props }, view) => (view.find(props.ApiId) ? {} : undefined),
  'AWS::ElasticLoadBalancingV2::LoadBalancer': loadBalancer,
  'AWS::ElasticLoadBalancingV2::Listener': ({ props }, view) => (view.find(props.LoadBalancerArn) ? {} : undefined),
  'AWS::CloudFront::Distribution': (resource, view) => {
    const { WebACLId, Enabled } = record(resource.props.DistributionConfig);
    return api(resource, view, {
      kind: 'CloudFront distribution',
      open: view.flag(Enabled) !== false,
      firewall: WebACLId !== undefined,
    });
  },
  'AWS::WAFv2::WebACLAssociation': (_, view) => (view.ofType('AWS::WAFv2::WebACL').length > 0 ? {} : undefined),
};

interface Api {
  readonly kind: string;
  readonly open: boolean;
  /** Callers with the number of their routes. */
  readonly callers?: string;
  readonly firewall?: boolean;
}

function api(resource: Resource, view: View, { kind, open, callers, firewall }: Api): Partial<Sections> {
  const { name } = resource;
  const guarded = firewall ?? isGuarded(view, resource);
  const endpoint: Endpoint = {
    name,
    kind,
    access: open ? 'public' : 'private',
    ...details({ callers, throttle: throttleOf(view, resource), firewall: guarded && 'WAF' }),
  };
  const why = [callers ? `callers: ${callers}` : 'everyone', guarded ? 'behind WAF' : 'no WAF'].join('; ');
  return { endpoints: [endpoint], ...(open && { exposure: [{ name, kind, why }] }) };
}

function callersOf(view: View, api: Resource, type: string, of: string): string {
  const routes = view.ofType(type).filter(({ props }) => view.find(props[of]) === api);
  // A preflight request never has credentials.
  const authorized = routes.filter(({ props }) => view.text(props.HttpMethod) !== 'OPTIONS');
  const counts = countsOf(authorized.map(({ props }) => callerOf(view, props)));
  const words = Object.entries(counts).map(([caller, count]) => `${caller} on ${count}`);
  return words.join(', ') || 'no route in this stack';
}

function callerOf(view: View, { AuthorizationType, ApiKeyRequired }: Props): string {
  const type = view.text(AuthorizationType) ?? 'NONE';
  if (type !== 'NONE') return type;
  return view.flag(ApiKeyRequired) === true ? 'API key' : 'everyone';
}

function throttleOf(view: View, api: Resource): string | undefined {
  const stages = view.ofType('AWS::ApiGateway::Stage', 'AWS::ApiGatewayV2::Stage');
  const own = stages.filter(({ props }) => view.find(props.RestApiId ?? props.ApiId) === api);
  const settings = own.flatMap(({ props }) => [
    ...list(props.MethodSettings).map(record),
    record(props.DefaultRouteSettings),
  ]);
  const rates = settings.flatMap((one) => view.text(one.ThrottlingRateLimit) ?? []);
  return rates.length > 0 ? `${[...new Set(rates)].sort().join(', ')} requests/s` : undefined;
}

function isGuarded(view: View, resource: Resource): boolean {
  return view.ofType('AWS::WAFv2::WebACLAssociation').some(({ props }) => {
    const target = view.find(props.ResourceArn);
    return (
      target === resource || [target?.props.RestApiId, target?.props.ApiId].some((of) => view.find(of) === resource)
    );
  });
}

function loadBalancer(resource: Resource, view: View): Partial<Sections> {
  const { name, props } = resource;
  const open = view.text(props.Scheme) !== 'internal';
  const kind = `${view.text(props.Type) ?? 'application'} load balancer`;
  const listeners = view
    .ofType('AWS::ElasticLoadBalancingV2::Listener')
    .filter((listener) => view.find(listener.props.LoadBalancerArn) === resource)
    .map((listener) => portOf(view, listener.props))
    .sort();
  const guarded = isGuarded(view, resource);
  return {
    endpoints: [
      {
        name,
        kind,
        access: open ? 'public' : 'private',
        ...details({ listeners: listeners.join(', '), firewall: guarded && 'WAF' }),
      },
    ],
    ...(open && {
      exposure: [{ name, kind, why: `internet-facing: ${listeners.join(', ') || 'no listener in this stack'}` }],
    }),
  };
}

function portOf(view: View, props: Props): string {
  return [view.text(props.Protocol) ?? 'HTTP', view.text(props.Port)].filter(Boolean).join(' ');
}
