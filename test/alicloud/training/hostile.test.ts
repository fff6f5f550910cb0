import {
  AcceleratorNodePool,
  AlicloudMachine,
  ControlPlane,
  SystemNodePool,
  TrainingCluster,
} from 'ai-infra-constructs/alicloud';
import { Testing, Token } from 'cdktf';
import type { Construct, IConstruct } from 'constructs';
import { hostileValues, outcomeIn } from '../../hostile-values';
import { existingCluster, stackIn, ZONE } from '../support';

const HOSTILE = hostileValues({
  number: Token.asNumber('${var.number}'),
  text: Token.asString({ resolve: () => '${var.text}' }),
  list: Token.asList({ resolve: () => '${var.list}' }),
});

type Make = new (scope: Construct, id: string, props: never) => IConstruct;

const machine = AlicloudMachine.ECS_GN7I_8X_32XLARGE;
const SUBJECTS: readonly (readonly [string, Make, readonly string[], (scope: Construct) => object])[] = [
  [
    'ControlPlane',
    ControlPlane,
    ['zones', 'network', 'name', 'admins', 'maintenance', 'tier'],
    () => ({ zones: [ZONE] }),
  ],
  [
    'SystemNodePool',
    SystemNodePool,
    ['cluster', 'machineTypes', 'minNodes', 'name'],
    (scope) => ({ cluster: existingCluster(scope) }),
  ],
  [
    'AcceleratorNodePool',
    AcceleratorNodePool,
    ['cluster', 'machine', 'nodes', 'zone', 'capacity', 'driver', 'taints', 'labels', 'kubelet', 'minNodes'],
    (scope) => ({ cluster: existingCluster(scope), machine, nodes: 1, zone: ZONE }),
  ],
  [
    'TrainingCluster',
    TrainingCluster,
    ['machine', 'zone', 'nodes', 'groups', 'storage', 'cluster'],
    () => ({ machine, nodes: 1, zone: ZONE }),
  ],
];

describe.each(SUBJECTS)('%s', (_, Type, props, valid) => {
  test.each(props)('%s: every value is accepted, or rejected with the name of a prop', (prop) => {
    for (const [name, value] of HOSTILE) {
      const stack = stackIn();
      const given = { ...valid(stack), [prop]: value };
      const result = outcomeIn(stack, {
        make: () => new Type(stack, 'Subject', given as never),
        synth: () => Testing.synth(stack),
      });
      if (result !== 'accepted') expect([name, result.length > 0]).toEqual([name, true]);
    }
  });
});
