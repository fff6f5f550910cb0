import { TERRAFORM_CLOUDS, terraformRowOf } from '../../scripts/clouds';
import { optionsOf } from './options';

test.each(TERRAFORM_CLOUDS)('an app of verify:terraform uses each option of %s', (cloud) => {
  const { all, neverGiven } = optionsOf(cloud);
  const { construct, props } = terraformRowOf(cloud).smallest;
  expect(all).toEqual(expect.arrayContaining(Object.keys(props).map((prop) => `${construct}.${prop}`)));
  expect(neverGiven).toEqual([]);
});
