import { optionsOf } from './options';

test.each(['azure', 'google'])('each option of %s is given in an app that verify:terraform proves', (cloud) => {
  const { all, neverGiven } = optionsOf(cloud);
  expect(all.length).toBeGreaterThan(300);
  expect(neverGiven).toEqual([]);
});
