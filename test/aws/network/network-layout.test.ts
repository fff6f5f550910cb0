import { AwsMachine, networkLayout } from 'ai-infra-constructs/aws';

describe.each(AwsMachine.all.map((machine) => [machine.name, machine] as const))('%s', (_, machine) => {
  const layout = networkLayout(machine);
  const { cards, efaInterfaces } = machine.spec;
  const fabric = layout.filter(({ interfaceType }) => interfaceType !== 'interface');

  test('attaches every EFA interface of the machine', () => {
    expect(fabric).toHaveLength(efaInterfaces);
  });

  test('has the IP address on card 0, device 0, which is never efa-only', () => {
    expect(layout[0]).toMatchObject({ networkCardIndex: 0, deviceIndex: 0 });
    expect(layout[0]?.interfaceType).not.toBe('efa-only');
    expect(layout.filter(({ interfaceType }) => interfaceType === 'interface').length).toBeLessThanOrEqual(1);
  });

  test('uses EFA only on cards that support it, one interface on each card', () => {
    const used = fabric.map(({ networkCardIndex }) => networkCardIndex);
    expect(new Set(used).size).toBe(used.length);
    for (const card of used) expect(cards[card]?.efa).toBe(true);
  });

  test('stays within the limit of each card, with device indexes without gaps', () => {
    for (const [index, card] of cards.entries()) {
      const devices = layout
        .filter(({ networkCardIndex }) => networkCardIndex === index)
        .map(({ deviceIndex }) => deviceIndex);
      expect(devices.length).toBeLessThanOrEqual(card.maxInterfaces);
      expect(devices).toEqual(devices.map((__, position) => position));
    }
  });
});

test('shares one interface for IP and EFA on a card 0 with a single interface', () => {
  const narrow = AwsMachine.of('x1.large', {
    ...AwsMachine.P5_48XLARGE.spec,
    efaInterfaces: 1,
    cards: [{ maxInterfaces: 1, efa: true }],
  });
  expect(networkLayout(narrow)).toEqual([{ networkCardIndex: 0, deviceIndex: 0, interfaceType: 'efa' }]);
});

test('uses card 0 of P6-B300 for IP only, and EFA on cards 1 to 16', () => {
  const layout = networkLayout(AwsMachine.P6_B300_48XLARGE);
  expect(layout.slice(1).map(({ networkCardIndex, deviceIndex }) => [networkCardIndex, deviceIndex])).toEqual(
    Array.from({ length: 16 }, (_, index) => [index + 1, 0]),
  );
});

test('puts the first EFA interface of P5 on device 1 of card 0', () => {
  expect(networkLayout(AwsMachine.P5_48XLARGE)[1]).toEqual({
    networkCardIndex: 0,
    deviceIndex: 1,
    interfaceType: 'efa-only',
  });
});
