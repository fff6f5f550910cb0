import { objectOf } from '../kubernetes-inference/support';
import { refusalsOf } from '../support';
import { synth } from './support';

test.each(['0 2 * * *', '*/15 0-6 1,15 1-12/3 mon-fri', '5/10 23 31 DEC 0', '0 2 ? * ?', '59 23 1-31 jan,JUL 6'])(
  'accepts %s',
  (schedule) => {
    const { manifests } = synth({ schedule }).inference.bundle;
    expect(objectOf(manifests, 'CronJob').spec).toMatchObject({ schedule });
  },
);

test.each([
  '99 * * * *',
  '60 0 * * *',
  '0 24 * * *',
  '0 0 0 * *',
  '0 0 32 * *',
  '0 0 * 13 *',
  '0 0 * 0 *',
  '0 0 * * 7',
  '0 0 L * *',
  '0 0 * foo *',
  '*/0 * * * *',
  '5-2 * * * *',
  '1,,2 * * * *',
  '-1 * * * *',
  '1e1 * * * *',
  '* * * *',
  '* * * * * *',
  '@daily',
])('rejects %s', (schedule) => {
  expect(refusalsOf(() => synth({ schedule }))).toEqual(['BatchSchedule schedule']);
});
