/** Program: prints the charts and objects of the reference platform as JSON. */
import { App } from 'aws-cdk-lib';
import { platform } from './training-by-library';

const { releases, manifests } = platform(new App()).trainingCluster.bundle;
console.log(JSON.stringify({ releases, manifests }));
