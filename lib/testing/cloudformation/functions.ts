import { countsOf, list, parsed, record, word } from '../json';
import { amount, details, type Readers, type Resource, type View } from '../view';

/** Readers of functions and state machines. */
export const FUNCTION_READERS: Readers = {
  'AWS::Lambda::Function': ({ name, props }, view) => ({
    functions: [
      {
        name,
        kind: view.text(props.Runtime) ?? (props.Runtime === undefined ? 'container' : 'runtime'),
        ...details({
          memory: amount(view.number(props.MemorySize ?? 128), 'MiB'),
          timeout: amount(view.number(props.Timeout ?? 3), 's'),
          architecture: view.text(list(props.Architectures)[0]),
          'at most': view.text(props.ReservedConcurrentExecutions),
          network: props.VpcConfig !== undefined && 'in a VPC',
        }),
      },
    ],
  }),
  'AWS::Lambda::Url': ({ name, props }, view) => {
    const kind = 'function URL';
    const authentication = view.text(props.AuthType) ?? 'not stated';
    return {
      endpoints: [{ name, kind, access: 'public', ...details({ callers: callers(authentication) }) }],
      exposure: [{ name, kind, why: `callers: ${callers(authentication)}` }],
    };
  },
  'AWS::Lambda::Permission': ({ name, props }, view) =>
    view.text(props.Principal) === '*' && !NARROWED.some((prop) => props[prop] !== undefined)
      ? { exposure: [{ name, kind: 'function', why: `policy allows everyone ${view.text(props.Action) ?? ''}` }] }
      : undefined,
  'AWS::StepFunctions::StateMachine': (resource, view) => ({ workflows: [stateMachine(resource, view)] }),
};

// Conditions that restrict a permission for everyone: to calls by URL, which the reader of the URL reports, or to an organization.
const NARROWED = ['FunctionUrlAuthType', 'InvokedViaFunctionUrl', 'PrincipalOrgID', 'SourceArn', 'SourceAccount'];

function callers(authentication: string): string {
  return authentication === 'NONE' ? 'everyone' : authentication;
}

function stateMachine({ name, props }: Resource, view: View) {
  const definition = parsed(view.joined(props.DefinitionString)) ?? props.Definition;
  const states = Object.entries(countsOf(statesOf(definition)));
  return {
    name,
    kind: `${view.text(props.StateMachineType)?.toLowerCase() ?? 'standard'} state machine`,
    ...details({
      states: states.map(([type, count]) => `${count} ${type}`).join(', '),
      encryption: record(props.EncryptionConfiguration).KmsKeyId !== undefined && 'customer key',
      logs: view.text(record(props.LoggingConfiguration).Level)?.toLowerCase(),
    }),
  };
}

/** Returns the types of all states, including those inside maps and branches. */
function statesOf(definition: unknown): string[] {
  const { States } = record(definition);
  return Object.values(record(States)).flatMap((value) => {
    const state = record(value);
    const mode = record(record(state.ItemProcessor).ProcessorConfig).Mode;
    const type = mode === 'DISTRIBUTED' ? 'distributed Map' : word(state.Type);
    const inner = [state.ItemProcessor, state.Iterator, ...list(state.Branches)];
    return [type, ...inner.flatMap(statesOf)];
  });
}
