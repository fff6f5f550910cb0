import { TERRAFORM_CLOUDS } from '../../scripts/clouds';
import { optionsOf } from './options';

test.each(TERRAFORM_CLOUDS)('an app of verify:terraform uses each option of %s', (cloud) => {
  const { all, neverGiven } = optionsOf(cloud);
  expect(all.length).toBeGreaterThan(300);
  expect(neverGiven).toEqual([]);
});
