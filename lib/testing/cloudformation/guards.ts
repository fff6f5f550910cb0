import type { Part } from '../architecture';
import { countsOf, record, records } from '../json';
import { details, type Readers, type Resource, type View } from '../view';

/** Readers of firewalls, which block requests, and of guardrails, which block prompts and answers. */
export const GUARD_READERS: Readers = {
  'AWS::WAFv2::WebACL': (resource, view) => ({ guards: [firewall(resource, view)] }),
  'AWS::Bedrock::Guardrail': (resource, view) => ({ guards: [guardrail(resource, view)] }),
};

function firewall({ name, props }: Resource, view: View): Part {
  const rules = records(props.Rules).map((rule) => {
    const { RateBasedStatement } = record(rule.Statement);
    const limit = view.text(record(RateBasedStatement).Limit);
    return [view.text(rule.Name) ?? 'a rule', limit].filter(Boolean).join(' at ');
  });
  const { Block } = record(props.DefaultAction);
  return {
    name,
    kind: 'WAF',
    ...details({ otherwise: Block === undefined ? 'allows' : 'blocks', rules: rules.sort().join(', ') }),
  };
}

function guardrail({ name, props }: Resource, view: View): Part {
  const filters = records(record(props.ContentPolicyConfig).FiltersConfig).map(
    ({ Type, InputStrength, OutputStrength }) =>
      `${view.text(Type) ?? ''} ${view.text(InputStrength) ?? ''}/${view.text(OutputStrength) ?? ''}`,
  );
  const personal = record(props.SensitiveInformationPolicyConfig);
  const actions = [...records(personal.PiiEntitiesConfig), ...records(personal.RegexesConfig)].map(
    ({ Action }) => view.text(Action) ?? '',
  );
  const topics = records(record(props.TopicPolicyConfig).TopicsConfig).map((one) => view.text(one.Name) ?? '');
  return {
    name,
    kind: 'guardrail',
    ...details({
      filters: filters.sort().join(', '),
      'sensitive information': Object.entries(countsOf(actions))
        .map(([action, count]) => `${count} ${action}`)
        .join(', '),
      'denied topics': topics.sort().join(', '),
    }),
  };
}
