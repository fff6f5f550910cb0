import type { Sections } from '../../architecture';
import { list, type Props, record } from '../../json';
import { counts, group, textsOf } from '../../group';
import { details, type View } from '../../view';

/** Reads Azure ML resources of the azapi provider by the end of their type. */
export function machineLearning(
  type: string,
  name: string,
  settings: Props,
  view: View,
): Partial<Sections> | undefined {
  const end = type.slice('Microsoft.MachineLearningServices/'.length).toLowerCase();
  return type.startsWith('Microsoft.MachineLearningServices/') ? READERS[end]?.(name, settings, view) : undefined;
}

type MlReader = (name: string, settings: Props, view: View) => Partial<Sections> | undefined;

const READERS: Readonly<Record<string, MlReader>> = {
  workspaces: (name, settings, view) => {
    const { keyIdentifier } = record(record(settings.encryption).keyVaultProperties);
    const network = view.text(record(settings.managedNetwork).isolationMode);
    const storage = view.text(settings.systemDatastoresAuthMode) === 'Identity' ? 'by identity' : 'by key';
    return reached(name, 'Azure ML workspace', settings, view, {
      encryption: view.encryption(keyIdentifier),
      ...details({ network, storage }),
    });
  },
  'workspaces/computes': (name, settings, view) => {
    const { vmSize, vmPriority, scaleSettings, enableNodePublicIp } = record(settings.properties);
    const { minNodeCount: min, maxNodeCount: max } = record(scaleSettings);
    return group(
      {
        name,
        kind: 'Azure ML compute cluster',
        cloud: 'azure',
        machines: textsOf(view, vmSize),
        count: counts(view, { min, desired: min, max }),
        market: view.text(vmPriority) === 'LowPriority' ? 'spot' : 'on-demand',
      },
      view.flag(enableNodePublicIp) === false ? undefined : 'nodes have public IP addresses',
    );
  },
  'workspaces/batchendpoints': (name, settings, view) => ({
    endpoints: [
      {
        name,
        kind: 'Azure ML batch endpoint',
        access: 'signed',
        ...details({ callers: view.text(settings.authMode) }),
      },
    ],
  }),
  'workspaces/schedules': (name, settings, view) => {
    const { actionType, monitorDefinition } = record(settings.action);
    const { frequency } = record(settings.trigger);
    const signals = Object.keys(record(record(monitorDefinition).signals));
    const kind = view.text(actionType) === 'CreateMonitor' ? 'model monitor' : 'schedule';
    return {
      watch: [{ name, kind, ...details({ when: view.text(frequency)?.toLowerCase(), signals: signals.join(', ') }) }],
    };
  },
  registries: (name, settings, view) => {
    const regions = list(settings.regionDetails).map((one) => record(one).location);
    return reached(name, 'Azure ML registry', settings, view, details({ regions: textsOf(view, regions).join(', ') }));
  },
};

/** Returns the sections of a resource that is reachable from the internet by default. */
function reached(name: string, kind: string, settings: Props, view: View, more: object | undefined): Partial<Sections> {
  const open = view.text(settings.publicNetworkAccess) !== 'Disabled';
  return {
    endpoints: [{ name, kind, access: open ? 'signed' : 'private', ...more }],
    exposure: open ? [{ name, kind, why: 'open to every network, with credentials' }] : [],
  };
}
