import { ofResource, ofTemplate } from '../support';

test('a firewall shows its rules, their limits and its default action', () => {
  const { guards } = ofResource('AWS::WAFv2::WebACL', {
    DefaultAction: { Allow: {} },
    Rules: [
      { Name: 'PerKey', Statement: { RateBasedStatement: { Limit: 9000 } } },
      { Name: 'AWSManagedRulesKnownBadInputsRuleSet', Statement: { ManagedRuleGroupStatement: {} } },
    ],
  });
  expect(guards).toEqual([
    {
      name: 'Subject',
      kind: 'WAF',
      details: { otherwise: 'allows', rules: 'AWSManagedRulesKnownBadInputsRuleSet, PerKey at 9000' },
    },
  ]);
  expect(ofResource('AWS::WAFv2::WebACL', { DefaultAction: { Block: {} } }).guards[0]!.details).toEqual({
    otherwise: 'blocks',
  });
});

test('a guardrail shows its filters for prompts and answers', () => {
  const { guards, other } = ofTemplate({
    Screen: {
      Type: 'AWS::Bedrock::Guardrail',
      Properties: {
        ContentPolicyConfig: {
          FiltersConfig: [
            { Type: 'PROMPT_ATTACK', InputStrength: 'HIGH', OutputStrength: 'NONE' },
            { Type: 'HATE', InputStrength: 'MEDIUM', OutputStrength: 'MEDIUM' },
          ],
        },
        SensitiveInformationPolicyConfig: {
          PiiEntitiesConfig: [{ Action: 'BLOCK' }, { Action: 'ANONYMIZE' }],
          RegexesConfig: [{ Action: 'BLOCK' }],
        },
        TopicPolicyConfig: { TopicsConfig: [{ Name: 'Medicine' }] },
      },
    },
  });
  expect(guards).toEqual([
    {
      name: 'Screen',
      kind: 'guardrail',
      details: {
        filters: 'HATE MEDIUM/MEDIUM, PROMPT_ATTACK HIGH/NONE',
        'sensitive information': '1 ANONYMIZE, 2 BLOCK',
        'denied topics': 'Medicine',
      },
    },
  ]);
  expect(other).toEqual({});
});
